import { Node, PersistentVolumeClaim, Pod, Secret, Service } from '@reeve/api/core/v1';
import { PodDisruptionBudget } from '@reeve/api/policy/v1';
import type { KubeObject } from '@reeve/api';
import { cached, controller, watch, type Change, type Controller, type ObjectKey } from '@reeve/operator';
import type { Stored } from '@reeve/kube';
import { labelKeys, managedBy } from './names.ts';
import { reconcile, type Dependencies } from './reconcile.ts';
import { EtcdCluster } from './resources.ts';

const ours = { labelSelector: `${labelKeys.managedBy}=${managedBy}` };

/** The controller of EtcdClusters. */
export function etcdController(dependencies: Dependencies): Controller {
  return controller(EtcdCluster, {
    name: 'etcd',
    fieldManager: 'reeve-etcd',
    owns: [Service, PodDisruptionBudget, Secret]
      .map((resource) => cached<KubeObject>(resource, ours))
      .concat(cached(Pod, ours)),
    watches: [
      watch(PersistentVolumeClaim, { ...ours, map: ofCluster }),
      watch(Node, { when: hasFlipped, map: (node, { read }) => clustersOn(node.metadata.name, read.list(Pod)) }),
    ],
    permissions: [{ apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['create', 'delete', 'patch'] }],
    concurrency: 8,
    timeoutMs: 60_000,
    minBackoffMs: 250,
    maxBackoffMs: 15_000,
    // The status is also the operator's memory: it is written with the version that was read.
    statusContract: false,
    reconcile: (context) => reconcile(context, dependencies),
    deleted({ key }) {
      dependencies.admins.drop(`${key.namespace}/${key.name}`);
    },
  });
}

function ofCluster({ metadata }: Stored<PersistentVolumeClaim>): readonly ObjectKey[] {
  const name = metadata.labels?.[labelKeys.cluster];
  return name === undefined ? [] : [{ namespace: metadata.namespace ?? '', name }];
}

function clustersOn(node: string, pods: readonly Stored<Pod>[]): readonly ObjectKey[] {
  return pods.flatMap(({ metadata, spec }) => {
    const name = metadata.labels?.[labelKeys.cluster];
    return spec?.nodeName === node && name !== undefined ? [{ namespace: metadata.namespace ?? '', name }] : [];
  });
}

/** Nodes report all the time; only their coming and going matters. */
function hasFlipped({ object, old, type }: Change<Node>): boolean {
  return type !== 'updated' || readiness(object) !== (old && readiness(old));
}

function readiness({ status }: Node): string {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
}
