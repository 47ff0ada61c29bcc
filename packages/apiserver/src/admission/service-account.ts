import type { Random } from '@reeve/api';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { itemsOf, mapAt, textAt } from '../builtin/object-path.ts';
import { generateName } from '../operations/names.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { creates, refused } from './plugin.ts';
import type { StoredObjects } from './stored-objects.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
/** An hour and a bit, so that agents which refresh hourly are never late. */
const tokenSeconds = 3607;

/** Pods run as an account of their namespace and find its token, the cluster's CA and the namespace in a volume. */
export function serviceAccount(stored: StoredObjects, random: Random): AdmissionPlugin {
  return {
    name: 'ServiceAccount',
    mutate(attributes) {
      const { object, namespace } = attributes;
      const spec = object?.['spec'];
      if (!creates(attributes, '', 'pods') || object === undefined || !isObject(spec)) return;
      if ('kubernetes.io/config.mirror' in mapAt(metadataOf(object), 'annotations')) return;
      const name = textAt(spec, 'serviceAccountName') || 'default';
      spec['serviceAccountName'] = name;
      spec['serviceAccount'] = name;
      const account = stored.find('serviceaccounts', name, namespace);
      if (account === undefined) {
        const detail = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
        throw refused(attributes, detail);
      }
      if (mounts(account, spec)) mountToken(spec, random);
      const secrets = itemsOf(account, 'imagePullSecrets');
      if (itemsOf(spec, 'imagePullSecrets').length === 0 && secrets.length > 0) {
        spec['imagePullSecrets'] = secrets.map((secret) => ({ name: textAt(secret, 'name') }));
      }
    },
  };
}

function mounts(account: ObjectValue, spec: ObjectValue): boolean {
  const own = spec['automountServiceAccountToken'];
  return (typeof own === 'boolean' ? own : account['automountServiceAccountToken']) !== false;
}

function mountToken(spec: ObjectValue, random: Random): void {
  const given = itemsOf(spec, 'volumes').find((volume) => textAt(volume, 'name').startsWith(volumePrefix));
  const name = given === undefined ? generateName(volumePrefix, random) : textAt(given, 'name');
  let isNeeded = false;
  for (const container of [...itemsOf(spec, 'initContainers'), ...itemsOf(spec, 'containers')]) {
    const volumeMounts = itemsOf(container, 'volumeMounts');
    if (volumeMounts.some(({ mountPath }) => mountPath === tokenPath)) continue;
    container['volumeMounts'] = [...volumeMounts, { name, readOnly: true, mountPath: tokenPath }];
    isNeeded = true;
  }
  if (isNeeded && given === undefined) spec['volumes'] = [...itemsOf(spec, 'volumes'), accessVolume(name)];
}

function accessVolume(name: string): ObjectValue {
  const field = { apiVersion: 'v1', fieldPath: 'metadata.namespace' };
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: field }] } },
      ],
      defaultMode: 0o644,
    },
  };
}
