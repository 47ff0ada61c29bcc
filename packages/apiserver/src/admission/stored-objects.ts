import type { Core } from '../parts.ts';
import type { ObjectValue } from '../value.ts';

/** Reads built-in objects for admission, by plural. */
export interface StoredObjects {
  find(resource: StoredResource, name: string, namespace?: string): ObjectValue | undefined;
  list(resource: StoredResource, namespace?: string): readonly ObjectValue[];
}

/** Where plugins look: `group/version/plural`, without a group for the core. */
export type StoredResource = keyof typeof places;

const places = {
  namespaces: ['', 'v1'],
  nodes: ['', 'v1'],
  limitranges: ['', 'v1'],
  resourcequotas: ['', 'v1'],
  serviceaccounts: ['', 'v1'],
  pods: ['', 'v1'],
  priorityclasses: ['scheduling.k8s.io', 'v1'],
  runtimeclasses: ['node.k8s.io', 'v1'],
  storageclasses: ['storage.k8s.io', 'v1'],
  ingressclasses: ['networking.k8s.io', 'v1'],
  mutatingwebhookconfigurations: ['admissionregistration.k8s.io', 'v1'],
  validatingwebhookconfigurations: ['admissionregistration.k8s.io', 'v1'],
  mutatingadmissionpolicies: ['admissionregistration.k8s.io', 'v1'],
  mutatingadmissionpolicybindings: ['admissionregistration.k8s.io', 'v1'],
  validatingadmissionpolicies: ['admissionregistration.k8s.io', 'v1'],
  validatingadmissionpolicybindings: ['admissionregistration.k8s.io', 'v1'],
} as const;

export function storedObjects({ registry, operations }: Pick<Core, 'registry' | 'operations'>): StoredObjects {
  const resourceOf = (plural: StoredResource): ReturnType<typeof registry.find> => {
    const [group, version] = places[plural];
    return registry.find(group, version, plural);
  };
  return {
    find(plural, name, namespace = '') {
      const resource = resourceOf(plural);
      return resource === undefined ? undefined : operations.find(resource, namespace, name);
    },
    list(plural, namespace) {
      const resource = resourceOf(plural);
      return resource === undefined ? [] : operations.list(resource, namespace);
    },
  };
}
