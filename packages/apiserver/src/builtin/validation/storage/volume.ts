import { compareQuantities } from '@reeve/api';
import { isObject, metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { deprecatedNodeLabel } from '../../node-labels.ts';
import { itemsOf, mapAt, maybeObject, objectAt, textAt, textsAt } from '../../object-path.ts';
import { all, fields, oneOf, required, requiredText, text, when } from '../checks.ts';
import type { Check } from '../checks.ts';
import { checkAccessModes } from '../claim-spec.ts';
import { checkImmutable } from '../immutable.ts';
import { dnsSubdomain } from '../names.ts';
import { noBacksteps } from '../paths.ts';
import { checkNodeSelector } from '../pod/affinity.ts';
import { volumeSourceChecks } from '../pod/volume-sources.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const secretReference: Check = when(() => true, fields({ name: required, namespace: required }));

/** The name of a driver, its case ignored. */
export const driverName: Check = (problems, path, value) => {
  if (typeof value !== 'string' || value === '') return problems.required(path);
  if (value.length > 63) problems.tooLong(path, 63);
  for (const detail of dnsSubdomain(value.toLowerCase())) problems.invalid(path, value, detail);
};

const csi: Check = fields({
  driver: driverName,
  volumeHandle: required,
  controllerPublishSecretRef: secretReference,
  controllerExpandSecretRef: secretReference,
  nodePublishSecretRef: secretReference,
  nodeExpandSecretRef: secretReference,
});

/** What a volume may be, in the order of looking; each with its checks. */
const sources: Readonly<Record<string, Check | undefined>> = {
  ...Object.fromEntries(
    [
      'hostPath',
      'gcePersistentDisk',
      'awsElasticBlockStore',
      'glusterfs',
      'flocker',
      'nfs',
      'rbd',
      'quobyte',
      'cephfs',
      'iscsi',
      'cinder',
      'fc',
      'flexVolume',
      'azureFile',
      'vsphereVolume',
      'photonPersistentDisk',
      'portworxVolume',
      'azureDisk',
      'scaleIO',
    ].map((name) => [name, volumeSourceChecks[name]]),
  ),
  azureFile: fields({
    secretName: required,
    shareName: required,
    secretNamespace: (problems, path, value) => {
      if (value === '') problems.required(path);
    },
  }),
  local: fields({ path: all(required, text(noBacksteps)) }),
  storageos: volumeSourceChecks['storageos'],
  csi,
};

function checkSources(problems: Problems, path: string, spec: ObjectValue): void {
  let count = 0;
  for (const [source, check] of Object.entries(sources)) {
    if (!isObject(spec[source])) continue;
    count += 1;
    if (count > 1 && source !== 'flexVolume') {
      problems.forbidden(`${path}.${source}`, 'may not specify more than 1 volume type');
      continue;
    }
    check?.(problems, `${path}.${source}`, spec[source]);
    if (source === 'local' && maybeObject(spec, 'nodeAffinity') === undefined) {
      problems.required(`${path}.nodeAffinity`, 'Local volume requires node affinity');
    }
  }
  if (count === 0) problems.required(path, 'must specify a volume type');
}

function checkCapacity(problems: Problems, path: string, spec: ObjectValue): void {
  const capacity = mapAt(spec, 'capacity');
  const names = Object.keys(capacity);
  if (names.length === 0) problems.required(path);
  if (names.length !== 1 || !('storage' in capacity)) {
    problems.notSupported(path, names.length === 0 ? null : capacity, ['storage']);
  }
  for (const [name, amount] of Object.entries(capacity)) {
    if (compareQuantities(amount, '0') < 0) {
      problems.invalid(`${path}[${name}]`, amount, 'must be a valid resource quantity');
    }
    if (compareQuantities(amount, '0') <= 0) problems.invalid(`${path}[${name}]`, amount, 'must be greater than zero');
  }
}

function checkSpec(problems: Problems, volume: ObjectValue): void {
  const path = 'spec';
  const spec = objectAt(volume, 'spec');
  const modes = textsAt(spec, 'accessModes');
  if (modes.length === 0) problems.required(`${path}.accessModes`);
  checkAccessModes(problems, `${path}.accessModes`, modes);
  checkCapacity(problems, `${path}.capacity`, spec);
  const policy = textAt(spec, 'persistentVolumeReclaimPolicy');
  oneOf('Delete', 'Recycle', 'Retain')(problems, `${path}.persistentVolumeReclaimPolicy`, policy);
  const affinity = maybeObject(spec, 'nodeAffinity');
  if (affinity !== undefined) {
    const selector = maybeObject(affinity, 'required');
    const at = `${path}.nodeAffinity.required`;
    if (selector === undefined) problems.required(at, 'must specify required node constraints');
    else checkNodeSelector(problems, at, selector);
  }
  checkSources(problems, path, spec);
  if (policy === 'Recycle' && /^\/+\.?$/.test(textAt(maybeObject(spec, 'hostPath'), 'path'))) {
    const detail = "may not be 'recycle' for a hostPath mount of '/'";
    problems.forbidden(`${path}.persistentVolumeReclaimPolicy`, detail);
  }
  text(dnsSubdomain)(problems, `${path}.storageClassName`, spec['storageClassName']);
  oneOf('Block', 'Filesystem')(problems, `${path}.volumeMode`, spec['volumeMode']);
  const attributes = spec['volumeAttributesClassName'];
  if (attributes === undefined) return;
  if (attributes === '') problems.required(`${path}.volumeAttributesClassName`, 'an empty string is disallowed');
  else requiredText(dnsSubdomain)(problems, `${path}.volumeAttributesClassName`, attributes);
  if (!isObject(spec['csi'])) {
    problems.required(`${path}.csi`, 'has to be specified when using volumeAttributesClassName');
  }
}

/** The source of a volume; a driver's secret for growing it may be added. */
function sourceOf(spec: ObjectValue, before: ObjectValue): ObjectValue {
  const found = Object.keys(sources).filter((name) => spec[name] !== undefined);
  const source = Object.fromEntries(found.map((name) => [name, spec[name] ?? null]));
  const driver = maybeObject(source, 'csi');
  const old = maybeObject(before, 'csi');
  if (driver === undefined || old === undefined || old['controllerExpandSecretRef'] !== undefined) return source;
  const { controllerExpandSecretRef: _, ...others } = driver;
  return { ...source, csi: others };
}

const deprecatedNotes: Readonly<Record<string, string>> = {
  'volume.beta.kubernetes.io/storage-class': 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
};

/** Sources of old, by how the warning calls them. */
const deprecatedSources: readonly (readonly [string, string, string])[] = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

function warningsOf(volume: ObjectValue): readonly string[] {
  const notes = mapAt(metadataOf(volume), 'annotations');
  const spec = objectAt(volume, 'spec');
  const terms = itemsOf(objectAt(objectAt(spec, 'nodeAffinity'), 'required'), 'nodeSelectorTerms');
  const at = 'spec.nodeAffinity.required.nodeSelectorTerms';
  return [
    ...Object.entries(deprecatedNotes).flatMap(([note, detail]) =>
      note in notes ? [`metadata.annotations[${note}]: ${detail}`] : [],
    ),
    ...(spec['persistentVolumeReclaimPolicy'] === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...terms.flatMap((term, index) =>
      itemsOf(term, 'matchExpressions').flatMap((expression, place) => {
        const key = textAt(expression, 'key');
        const detail = deprecatedNodeLabel(key);
        return detail === undefined ? [] : [`${at}[${index}].matchExpressions[${place}].key: ${key} is ${detail}`];
      }),
    ),
    ...deprecatedSources.flatMap(([source, shown, detail]) => (source in spec ? [`spec.${shown}: ${detail}`] : [])),
  ];
}

export const volumeValidator: Validator = validator({
  create: checkSpec,
  update: (problems, volume, old) => {
    checkSpec(problems, volume);
    const [spec, before] = [objectAt(volume, 'spec'), objectAt(old, 'spec')];
    if (!semanticallyEqual(sourceOf(spec, before), sourceOf(before, {}))) {
      const at = 'spec.persistentvolumesource';
      problems.forbidden(at, `${at} is immutable after creation`);
    }
    checkImmutable(problems, 'spec.volumeMode', volume, old, 'volumeMode');
    if (before['nodeAffinity'] !== undefined) {
      checkImmutable(problems, 'spec.nodeAffinity', volume, old, 'nodeAffinity');
    }
    const attributes = 'volumeAttributesClassName';
    if (before[attributes] !== undefined && spec[attributes] === undefined) {
      problems.forbidden(`spec.${attributes}`, 'update from non-nil value to nil is forbidden');
    }
  },
  subresources: { status: () => {} },
  warnings: (volume, _, { subresource }) => (subresource === '' ? warningsOf(volume) : []),
});
