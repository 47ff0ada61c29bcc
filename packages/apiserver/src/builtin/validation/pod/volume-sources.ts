import { compareQuantities } from '@reeve/api';
import { isObject } from '../../../value.ts';
import type { ObjectValue, Value } from '../../../value.ts';
import { maybeObject, numberAt, textAt, textsAt } from '../../object-path.ts';
import type { Check } from '../checks.ts';
import { all, each, fields, inRange, isUnset, oneOf, required, requiredBecause, text, when } from '../checks.ts';
import { descendingPath, noBacksteps, ownPath } from '../paths.ts';
import type { Problems } from '../problems.ts';
import { checkFieldReference, checkResourceReference } from './environment.ts';

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** A file mode, 0 to 0777. */
export const fileMode: Check = (problems, path, value) => {
  if (typeof value !== 'number' || (value >= 0 && value <= 0o777)) return;
  problems.invalid(path, value, 'must be a number between 0 and 0777 (octal), both inclusive');
};

/** A key and where it goes. */
export const keyToPath: Check = fields({ key: required, path: all(required, text(ownPath)), mode: fileMode });

const partition: Check = (problems, path, value) => {
  if (typeof value !== 'number' || (value >= 0 && value <= 255)) return;
  problems.invalid(path, value, 'must be between 1 and 255, inclusive');
};

const iscsiNames: Readonly<Record<string, RegExp>> = {
  iqn: /^iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui\.[0-9a-zA-Z]{16}$/,
  naa: /^naa\.[0-9a-zA-Z]{32}$/,
};

const driver: Check = fields({ driver: required });
const hostPairs = 'must be a host:port pair or multiple pairs separated by commas';

/** By the name of the source; most only say what must be there. */
export const volumeSourceChecks: Readonly<Record<string, Check>> = {
  emptyDir: fields({
    sizeLimit: (problems, path, value) => {
      if (typeof value !== 'string' || compareQuantities(value, '0') >= 0) return;
      problems.forbidden(path, 'SizeLimit field must be a valid resource quantity');
    },
  }),
  hostPath: fields({
    path: all(required, text(noBacksteps)),
    type: (problems, path, value) => {
      if (typeof value === 'string' && !hostPathTypes.includes(value))
        problems.notSupported(path, value, hostPathTypes);
    },
  }),
  gitRepo: fields({ repository: required, directory: text(descendingPath) }),
  gcePersistentDisk: (problems, path, value) =>
    fields({ pdName: required, partition })(problems, path.replace(/gcePersistentDisk$/, 'persistentDisk'), value),
  awsElasticBlockStore: fields({ volumeID: required, partition }),
  secret: fields({ secretName: required, defaultMode: fileMode, items: each(keyToPath) }),
  nfs: fields({
    server: required,
    path: (problems, path, value) => {
      required(problems, path, value);
      if (typeof value !== 'string' || !value.startsWith('/')) {
        problems.invalid(path, value ?? '', 'must be an absolute path');
      }
    },
  }),
  iscsi: all(
    fields({ targetPortal: required, iqn: checkIQN, lun: inRange(0, 255) }),
    when(
      ({ chapAuthDiscovery, chapAuthSession }) => chapAuthDiscovery === true || chapAuthSession === true,
      fields({ secretRef: required }),
    ),
  ),
  glusterfs: fields({ endpoints: required, path: required }),
  flocker: checkFlocker,
  persistentVolumeClaim: fields({ claimName: required }),
  rbd: fields({ monitors: required, image: required }),
  cinder: fields({ volumeID: required }),
  cephfs: fields({ monitors: required }),
  quobyte: fields({ registry: checkRegistry, volume: required }),
  downwardAPI: fields({
    defaultMode: fileMode,
    items: (problems, path, value) => {
      const at = path.replace(/\.items$/, '');
      if (Array.isArray(value)) for (const item of value) if (isObject(item)) checkDownwardFile(problems, at, item);
    },
  }),
  fc: checkFibreChannel,
  flexVolume: driver,
  configMap: fields({ name: required, defaultMode: fileMode, items: each(keyToPath) }),
  azureFile: fields({ secretName: required, shareName: required }),
  vsphereVolume: fields({ volumePath: required }),
  photonPersistentDisk: fields({ pdID: required }),
  portworxVolume: fields({ volumeID: required }),
  azureDisk: fields({
    diskName: required,
    diskURI: required,
    cachingMode: oneOf('None', 'ReadOnly', 'ReadWrite'),
    kind: oneOf('Dedicated', 'Managed', 'Shared'),
  }),
  storageos: fields({ volumeName: required }),
  scaleIO: fields({ gateway: required, system: required, volumeName: required }),
  csi: driver,
  image: fields({ reference: required, pullPolicy: oneOf('Always', 'IfNotPresent', 'Never') }),
};

function checkIQN(problems: Problems, path: string, value: Value | undefined): void {
  if (isUnset(value) || typeof value !== 'string') return problems.required(path);
  const form = iscsiNames[value.slice(0, 3)];
  if (form === undefined) problems.invalid(path, value, 'must be valid format starting with iqn, eui, or naa');
  else if (!form.test(value)) problems.invalid(path, value, 'must be valid format');
}

function checkFlocker(problems: Problems, path: string, value: Value | undefined): void {
  if (!isObject(value)) return;
  const name = textAt(value, 'datasetName');
  const uuid = textAt(value, 'datasetUUID');
  if (name === '' && uuid === '') problems.required(path, 'one of datasetName and datasetUUID is required');
  if (name !== '' && uuid !== '') {
    problems.invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously');
  }
  if (name.includes('/')) problems.invalid(`${path}.datasetName`, name, "must not contain '/'");
}

function checkRegistry(problems: Problems, path: string, value: Value | undefined): void {
  if (typeof value !== 'string' || value === '') return requiredBecause(hostPairs)(problems, path, value);
  for (const pair of value.split(',')) if (!/^[^:]*:[^:]*$/.test(pair)) problems.invalid(path, value, hostPairs);
}

function checkFibreChannel(problems: Problems, path: string, value: Value | undefined): void {
  if (!isObject(value)) return;
  const names = textsAt(value, 'targetWWNs');
  const ids = textsAt(value, 'wwids');
  if (names.length === 0 && ids.length === 0) {
    problems.required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both');
  }
  if (names.length > 0 && ids.length > 0) {
    problems.invalid(`${path}.targetWWNs`, names, 'targetWWNs and wwids can not be specified simultaneously');
  }
  if (names.length === 0) return;
  const lun = numberAt(value, 'lun');
  if (lun === undefined) problems.required(`${path}.lun`, 'lun is required if targetWWNs is specified');
  else inRange(0, 255)(problems, `${path}.lun`, lun);
}

/** One file of the downward API; told at the volume, as the real server does. */
export function checkDownwardFile(problems: Problems, path: string, file: ObjectValue): void {
  required(problems, `${path}.path`, file['path']);
  problems.text(`${path}.path`, textAt(file, 'path'), ownPath);
  const field = maybeObject(file, 'fieldRef');
  const resource = maybeObject(file, 'resourceFieldRef');
  if (field !== undefined) {
    checkFieldReference(problems, `${path}.fieldRef`, field);
    if (resource !== undefined) {
      problems.invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
    }
  } else if (resource !== undefined) checkResourceReference(problems, `${path}.resourceFieldRef`, resource, true);
  else problems.required(path, 'one of fieldRef and resourceFieldRef is required');
  fileMode(problems, `${path}.mode`, file['mode']);
}
