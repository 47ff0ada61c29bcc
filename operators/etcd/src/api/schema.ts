import type { Affinity, Toleration, TopologySpreadConstraint } from '@reeve/api/core/v1';
import { conditions, embedded, embeddedList, intOrString, listMap, rules, type ValidationRule } from '@reeve/operator';
import { z } from 'zod';
import { optionRules } from './options.ts';
import type { Blueprint, EtcdClusterSpec } from './spec.ts';
import type { EtcdClusterStatus } from './status.ts';

const texts = z.record(z.string(), z.string());

const version = rules(
  z.string().max(64).describe('The version of etcd, as v3.5.16. A change restarts the members one by one.'),
  [
    {
      rule: `self.matches('^v?(0|[1-9][0-9]*)[.](0|[1-9][0-9]*)[.](0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$')`,
      message: 'version must be a semantic version, such as v3.5.16',
    },
  ],
);

const size = rules(
  z.string().max(32).describe("The size of each member's disk; default 4Gi. It can grow, not shrink."),
  [
    {
      rule: `isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))`,
      message: 'size must be a quantity above 0, such as 4Gi',
    },
  ],
);

const storage = z
  .object({
    size: size.optional(),
    storageClassName: z
      .string()
      .max(253)
      .describe("The class of the members' disks; default: the cluster's.")
      .optional(),
    medium: z.enum(['Disk', 'Memory']).describe('Where members keep their data; default Disk.').optional(),
  })
  .describe('Where members keep their data.');

const amounts = z.record(z.string(), intOrString());
const resources = z
  .object({ requests: amounts.optional(), limits: amounts.optional() })
  .describe("The members' compute resources, as in a container.");

const owned = (field: string): ValidationRule => ({
  rule: `!has(self.${field}) || self.${field}.all(key, !key.startsWith('etcd.reeve.dev/') && !key.startsWith('app.kubernetes.io/'))`,
  message: `${field} under etcd.reeve.dev/ and app.kubernetes.io/ belong to the operator`,
  fieldPath: `.${field}`,
});

const podTemplate = rules(
  z
    .object({
      labels: texts.meta({ maxProperties: 64 }).optional(),
      annotations: texts.meta({ maxProperties: 64 }).optional(),
      nodeSelector: texts.optional(),
      affinity: embedded<Affinity>().optional(),
      tolerations: embeddedList<Toleration>().optional(),
      topologySpreadConstraints: embeddedList<TopologySpreadConstraint>().optional(),
    })
    .describe("What is added to the members' pods."),
  [owned('labels'), owned('annotations')],
);

const options = rules(
  z
    .record(z.string(), intOrString())
    .meta({ maxProperties: 16 })
    .describe('Settings of etcd: quota, auto-compaction, snapshot count, heartbeat and election.'),
  optionRules,
);

const had = (field: string, otherwise: string, self = 'self'): string =>
  `(has(${self}.storage) && has(${self}.storage.${field}) ? ${self}.storage.${field} : '${otherwise}')`;
const unchanged = (field: string, otherwise: string, message: string): ValidationRule => ({
  rule: `${had(field, otherwise)} == ${had(field, otherwise, 'oldSelf')}`,
  message,
  fieldPath: `.storage.${field}`,
});

const specRules: readonly ValidationRule[] = [
  {
    rule: `quantity(${had('size', '4Gi')}).compareTo(quantity(${had('size', '4Gi', 'oldSelf')})) >= 0`,
    message: 'storage.size can grow, but a disk can not shrink',
    fieldPath: '.storage.size',
  },
  unchanged('storageClassName', '', 'storage.storageClassName can not change: make a new cluster with the other class'),
  unchanged('medium', 'Disk', 'storage.medium can not change: make a new cluster with the other medium'),
  {
    rule: `(has(self.tls) && has(self.tls.mode) ? self.tls.mode : 'Auto') == (has(oldSelf.tls) && has(oldSelf.tls.mode) ? oldSelf.tls.mode : 'Auto')`,
    message: 'tls.mode can not change: make a new cluster with the other mode',
    fieldPath: '.tls.mode',
  },
];

export const specSchema: z.ZodType<EtcdClusterSpec> = rules(
  z.object({
    clusterSize: z.int().min(1).max(9).describe('How many members the cluster has: 1 to 9, best an odd number.'),
    version,
    storage: storage.optional(),
    resources: resources.optional(),
    podTemplate: podTemplate.optional(),
    options: options.optional(),
    tls: z
      .object({
        mode: z
          .enum(['Auto', 'Disabled'])
          .describe('Auto (the default): an authority of its own for each cluster, mutual TLS for peers and clients.')
          .optional(),
      })
      .optional(),
    paused: z.boolean().describe('Changes and heals nothing while true.').optional(),
    deletionPolicy: z
      .enum(['Retain', 'Delete'])
      .describe("What becomes of the members' claims when the cluster is deleted; default Retain.")
      .optional(),
  }),
  specRules,
);

const accepted: z.ZodType<Blueprint> = z.object({
  version: z.string(),
  resources: resources.optional(),
  podTemplate: embedded<NonNullable<Blueprint['podTemplate']>>().optional(),
  options: embedded<NonNullable<Blueprint['options']>>().optional(),
});

const member = z.object({
  name: z.string(),
  serial: z.int(),
  id: z.string().optional(),
  role: z.enum(['Joining', 'Learner', 'Voter', 'Leaving']),
  ready: z.boolean(),
  version: z.string().optional(),
  claimUID: z.string().optional(),
  podUID: z.string().optional(),
  silentSince: z.string().optional(),
  addedAt: z.string().optional(),
});

export const statusSchema: z.ZodType<EtcdClusterStatus> = z.object({
  observedGeneration: z.int().optional(),
  conditions: conditions().optional(),
  clusterSize: z.int().describe('Members that etcd lists.').optional(),
  readyMembers: z.int().optional(),
  ready: z.string().optional(),
  leader: z.string().optional(),
  version: z.string().optional(),
  selector: z.string().optional(),
  clusterID: z.string().optional(),
  nextSerial: z.int().optional(),
  members: listMap(member, ['name']).optional(),
  accepted: accepted.optional(),
  operation: z
    .object({
      task: z.string(),
      step: z.string(),
      member: z.string().optional(),
      startedAt: z.string(),
      reason: z.string(),
    })
    .optional(),
  replacements: z.array(z.string()).optional(),
});
