import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { timestamp } from '../../operations/times.ts';
import { labelWithName } from '../defaults/core-defaults.ts';
import { assign, ensureObject, itemsOf, objectAt, textAt, textsAt } from '../object-path.ts';
import { copyOf } from './prepare-object.ts';
import type { KindPreparation } from './kind-preparation.ts';

const kubernetesFinalizer = 'kubernetes';

/** A new namespace is active and has the finalizer of the namespace controller. */
export const namespacePreparation: KindPreparation = {
  emptyStatus: { phase: 'Active' },
  create: (namespace) => {
    const spec = ensureObject(namespace, 'spec');
    const finalizers = textsAt(spec, 'finalizers');
    if (!finalizers.includes(kubernetesFinalizer)) spec['finalizers'] = [...finalizers, kubernetesFinalizer];
  },
  update: (namespace, old) => {
    assign(ensureObject(namespace, 'spec'), 'finalizers', copyOf(objectAt(old, 'spec')['finalizers']));
  },
  subresources: { finalize: (namespace, old) => assign(namespace, 'status', copyOf(old['status'])) },
  canonicalize: labelWithName,
};

/** A secret keeps its type when an update leaves it out. */
export const secretPreparation: KindPreparation = {
  update: (secret, old) => {
    if (!secret['type']) assign(secret, 'type', old['type']);
  },
};

/** Of references to secrets only the name is kept. */
export const serviceAccountPreparation: KindPreparation = {
  create: keepSecretNames,
  update: keepSecretNames,
};

function keepSecretNames(account: ObjectValue): void {
  const secrets = itemsOf(account, 'secrets');
  if (secrets.length === 0) return;
  account['secrets'] = secrets.map((secret) => (secret['name'] === undefined ? {} : { name: secret['name'] }));
}

/** The moment of each phase change is noted. */
export const persistentVolumePreparation: KindPreparation = {
  create: (volume, { now }) => {
    volume['status'] = { phase: 'Pending', lastPhaseTransitionTime: timestamp(now) };
  },
  subresources: {
    status: (volume, old, { now }) => {
      const status = ensureObject(volume, 'status');
      const before = objectAt(old, 'status');
      const given = status['lastPhaseTransitionTime'];
      const earlier = before['lastPhaseTransitionTime'];
      if (before['phase'] === status['phase']) {
        if (given === undefined) assign(status, 'lastPhaseTransitionTime', earlier);
      } else if (given === undefined || given === earlier) {
        status['lastPhaseTransitionTime'] = timestamp(now);
      }
    },
  },
};

/** KEP-1495: `dataSource` and `dataSourceRef` mirror each other, and the former holds claims and snapshots only. */
export const claimPreparation: KindPreparation = {
  emptyStatus: { phase: 'Pending' },
  create: (claim) => mirrorDataSource(objectAt(claim, 'spec'), {}),
  update: (claim, old) => mirrorDataSource(objectAt(claim, 'spec'), objectAt(old, 'spec')),
};

function mirrorDataSource(spec: ObjectValue, before: ObjectValue): void {
  const wasInUse = isObject(before['dataSource']) || isObject(before['dataSourceRef']);
  if (!wasInUse && !isObject(spec['dataSourceRef']) && !isCopyable(spec['dataSource'])) delete spec['dataSource'];
  const { dataSource, dataSourceRef } = spec;
  if (isObject(dataSource) && !isObject(dataSourceRef)) spec['dataSourceRef'] = { ...dataSource };
  else if (isObject(dataSourceRef) && !isObject(dataSource) && textAt(dataSourceRef, 'namespace') === '') {
    const { namespace: _, ...source } = dataSourceRef;
    spec['dataSource'] = source;
  }
}

function isCopyable(source: ObjectValue[string] | undefined): boolean {
  if (!isObject(source)) return true;
  const group = textAt(source, 'apiGroup');
  const kind = textAt(source, 'kind');
  return (
    (group === '' && kind === 'PersistentVolumeClaim') ||
    (group === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot')
  );
}

/** Topology and config sources of old are not taken any more. */
export const nodePreparation: KindPreparation = {
  create: dropConfigSource,
  update: (node, old) => {
    if (!isObject(objectAt(old, 'spec')['configSource'])) dropConfigSource(node);
  },
};

function dropConfigSource(node: ObjectValue): void {
  const spec = node['spec'];
  if (isObject(spec)) delete spec['configSource'];
}

/** A limit range without a name gets one. */
export const endpointSlicePreparation: KindPreparation = {
  create: dropTopology,
  update: dropTopology,
};

function dropTopology(slice: ObjectValue): void {
  for (const endpoint of itemsOf(slice, 'endpoints')) delete endpoint['deprecatedTopology'];
}
