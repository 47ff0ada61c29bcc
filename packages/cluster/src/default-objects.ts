import type { ClusterRole, ClusterRoleBinding } from '@reeve/api/rbac/v1';
import type { StorageClass } from '@reeve/api/storage/v1';
import { PROVISIONER } from '@reeve/controllers';

/** The group of the node agents' users. */
export const NODES_GROUP = 'system:nodes';
const NODE_ROLE = 'reeve:node';

/** `standard` is like a network disk, usable from every node, and the default; `local` stays on its first pod's node. */
export function defaultStorageClasses(): readonly StorageClass[] {
  const base = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    provisioner: PROVISIONER,
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
  } as const;
  return [
    {
      ...base,
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      volumeBindingMode: 'Immediate',
    },
    { ...base, metadata: { name: 'local' }, volumeBindingMode: 'WaitForFirstConsumer' },
  ];
}

/** What a node agent does, and no more. A real cluster narrows this further by the Node authorizer, per node. */
export function nodeRole(): ClusterRole {
  const core = (resources: readonly string[], verbs: readonly string[]): NonNullable<ClusterRole['rules']>[number] => ({
    apiGroups: [''],
    resources: [...resources],
    verbs: [...verbs],
  });
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: NODE_ROLE },
    rules: [
      core(['nodes'], ['get', 'list', 'watch', 'create', 'patch', 'update']),
      core(['nodes/status'], ['patch', 'update']),
      core(['pods'], ['get', 'list', 'watch', 'delete']),
      core(['pods/status'], ['patch', 'update']),
      core(
        [
          'services',
          'endpoints',
          'configmaps',
          'secrets',
          'persistentvolumeclaims',
          'persistentvolumes',
          'namespaces',
          'serviceaccounts',
        ],
        ['get', 'list', 'watch'],
      ),
      core(['serviceaccounts/token'], ['create']),
      { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'update'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'patch', 'update'] },
    ],
  };
}

export function nodeRoleBinding(): ClusterRoleBinding {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: NODE_ROLE },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NODE_ROLE },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: NODES_GROUP }],
  };
}
