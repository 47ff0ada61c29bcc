import type { ObjectValue } from '../../value.ts';
import { ensureObject } from '../object-path.ts';
import type { DefaultsTable } from './type-defaults.ts';

/** Deployments, ReplicaSets, StatefulSets and DaemonSets. */
export const appsDefaults: DefaultsTable = {
  'apps/v1.DeploymentSpec': {
    set: { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
    adjust: rollingUpdate('strategy', { maxUnavailable: '25%', maxSurge: '25%' }),
  },
  'apps/v1.ReplicaSetSpec': { set: { replicas: 1 } },
  'apps/v1.DaemonSetSpec': {
    set: { revisionHistoryLimit: 10 },
    adjust: rollingUpdate('updateStrategy', { maxUnavailable: 1, maxSurge: 0 }),
  },
  'apps/v1.StatefulSetSpec': {
    set: {
      podManagementPolicy: 'OrderedReady',
      replicas: 1,
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: {},
    },
    adjust: defaultStatefulSetStrategy,
  },
  'apps/v1.StatefulSetPersistentVolumeClaimRetentionPolicy': { set: { whenDeleted: 'Retain', whenScaled: 'Retain' } },
};

function rollingUpdate(field: string, limits: Readonly<Record<string, string | number>>): (spec: ObjectValue) => void {
  return (spec) => {
    const strategy = ensureObject(spec, field);
    strategy['type'] ||= 'RollingUpdate';
    if (strategy['type'] !== 'RollingUpdate') return;
    const rolling = ensureObject(strategy, 'rollingUpdate');
    for (const [key, value] of Object.entries(limits)) rolling[key] ??= value;
  };
}

/** Only where the type itself was left out does the rolling update appear. */
function defaultStatefulSetStrategy(spec: ObjectValue): void {
  const strategy = ensureObject(spec, 'updateStrategy');
  if (!strategy['type']) {
    strategy['type'] = 'RollingUpdate';
    ensureObject(strategy, 'rollingUpdate');
  }
  const rolling = strategy['rollingUpdate'];
  if (strategy['type'] === 'RollingUpdate' && rolling) ensureObject(strategy, 'rollingUpdate')['partition'] ??= 0;
}
