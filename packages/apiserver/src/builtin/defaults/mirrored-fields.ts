import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { itemsOf, mapAt, textAt, textsAt } from '../object-path.ts';
import type { DefaultsTable } from './type-defaults.ts';

/** Fields that have an older or a newer name as well: whichever is given, both are kept. */
export const mirroredFields: DefaultsTable = {
  'core/v1.PodSpec': { adjust: normalizePodSpec },
  'core/v1.PodStatus': {
    adjust: (status) => {
      mirrorAddress(status, 'podIP', 'podIPs');
      mirrorAddress(status, 'hostIP', 'hostIPs');
    },
  },
  'core/v1.NodeSpec': { adjust: mirrorCIDR },
  'core/v1.Secret': {
    adjust: (secret) => {
      encodeStringData(secret);
      emptyNulls(secret, 'data');
    },
  },
  'core/v1.ConfigMap': { adjust: (map) => emptyNulls(map, 'binaryData') },
  'apps/v1.StatefulSetSpec': { adjust: nameClaimTemplates },
};

/** What has no bytes is stored as no bytes. */
function emptyNulls(object: ObjectValue, field: string): void {
  const data = object[field];
  if (!isObject(data)) return;
  for (const [key, value] of Object.entries(data)) if (value === null) data[key] = '';
}

/** Templates of claims say what they are. */
function nameClaimTemplates(spec: ObjectValue): void {
  for (const template of itemsOf(spec, 'volumeClaimTemplates')) {
    template['apiVersion'] ||= 'v1';
    template['kind'] ||= 'PersistentVolumeClaim';
  }
}

function normalizePodSpec(spec: ObjectValue): void {
  const grace = spec['terminationGracePeriodSeconds'];
  if (typeof grace === 'number' && grace < 0) spec['terminationGracePeriodSeconds'] = 1;
  const name = textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount');
  if (name === '') return;
  spec['serviceAccountName'] = name;
  spec['serviceAccount'] = name;
}

/** The single address is the first of the list; it wins if they differ. */
function mirrorAddress(status: ObjectValue, single: string, plural: string): void {
  const address = textAt(status, single);
  const [first] = itemsOf(status, plural);
  if (first === undefined) {
    if (address !== '' && single === 'podIP') status[plural] = [{ ip: address }];
  } else if (address === '') status[single] = textAt(first, 'ip');
  else if (address !== textAt(first, 'ip')) status[plural] = [{ ip: address }];
}

function mirrorCIDR(spec: ObjectValue): void {
  const single = textAt(spec, 'podCIDR');
  const [first] = textsAt(spec, 'podCIDRs');
  if (single !== '' && single !== first) spec['podCIDRs'] = [single];
  else if (single === '' && first !== undefined) spec['podCIDR'] = first;
}

/** Text that clients write for convenience becomes data; it is never shown again. */
function encodeStringData(secret: ObjectValue): void {
  const texts = mapAt(secret, 'stringData');
  const names = Object.keys(texts);
  delete secret['stringData'];
  if (names.length === 0) return;
  const data = isObject(secret['data']) ? secret['data'] : {};
  for (const name of names) data[name] = Buffer.from(texts[name] ?? '', 'utf8').toString('base64');
  secret['data'] = data;
}
