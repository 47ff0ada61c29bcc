import { defineResource, type CustomObject, type ResourceDefinition } from '@reeve/operator';
import { specSchema, statusSchema } from './api/schema.ts';
import type { EtcdClusterSpec } from './api/spec.ts';
import type { EtcdClusterStatus } from './api/status.ts';

export type EtcdCluster = CustomObject<EtcdClusterSpec, EtcdClusterStatus>;

/** The EtcdCluster kind: what users write, what the operator reports, and what the API server refuses. */
export const EtcdCluster: ResourceDefinition<EtcdCluster> = defineResource({
  group: 'etcd.reeve.dev',
  version: 'v1alpha1',
  kind: 'EtcdCluster',
  plural: 'etcdclusters',
  shortNames: ['ec', 'etcd'],
  categories: ['all'],
  description: 'A cluster of etcd members that creates, resizes, updates and heals itself.',
  spec: specSchema,
  status: statusSchema,
  scale: {
    specReplicasPath: '.spec.clusterSize',
    statusReplicasPath: '.status.clusterSize',
    labelSelectorPath: '.status.selector',
  },
  columns: [
    { name: 'Ready', jsonPath: '.status.ready', description: 'Members that are ready, of those wanted.' },
    { name: 'Leader', jsonPath: '.status.leader', description: 'The member that leads.' },
    { name: 'Version', jsonPath: '.status.version', description: 'The version that the members run.' },
    { name: 'Status', jsonPath: '.status.conditions[?(@.type=="Ready")].reason', description: 'What goes on.' },
    { name: 'Age', jsonPath: '.metadata.creationTimestamp', type: 'date' },
    { name: 'Message', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ],
  rules: [
    {
      rule: `self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && self.metadata.name.size() <= 48`,
      message: 'metadata.name must be at most 48 lower-case letters, digits and dashes, and begin with a letter',
    },
  ],
});
