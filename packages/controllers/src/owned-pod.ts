import { apiVersionOf } from '@reeve/api';
import type { KubeObject, OwnerReference, ResourceDescriptor } from '@reeve/api';
import type { Pod, PodTemplateSpec } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';

/** The reference by which a controller owns what it makes. */
export function controllerReference(resource: ResourceDescriptor, { metadata }: Stored<KubeObject>): OwnerReference {
  const { name, uid } = metadata;
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The one owner that manages the object. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true);
}

/** A pod from a template, named by its owner's name and five random letters. */
export function podFromTemplate(template: PodTemplateSpec, owner: OwnerReference, namespace: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.name}-`,
      namespace,
      labels: template.metadata?.labels ?? {},
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ...(template.metadata?.finalizers ? { finalizers: template.metadata.finalizers } : {}),
      ownerReferences: [owner],
    },
    ...(template.spec ? { spec: template.spec } : {}),
  };
}
