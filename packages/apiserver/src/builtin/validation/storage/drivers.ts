import { qualifiedNameErrors } from '@reeve/api';
import { isObject } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { nonNegative } from '../checks.ts';
import { checkImmutable } from '../immutable.ts';
import { dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { driverName } from './volume.ts';

const tokenAdvice =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';

function checkTokens(problems: Problems, tokens: readonly ObjectValue[]): void {
  const seen = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    const path = `spec.tokenRequests[${index}]`;
    const audience = textAt(token, 'audience');
    if (seen.has(audience)) {
      problems.duplicate(`${path}.audience`, audience);
      continue;
    }
    seen.add(audience);
    const seconds = numberAt(token, 'expirationSeconds');
    if (seconds === undefined) continue;
    const at = `${path}.expirationSeconds`;
    if (seconds < 600) problems.invalid(at, seconds, 'may not specify a duration less than 10 minutes');
    if (seconds > 2 ** 32) problems.invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds');
  }
}

function checkDriver(problems: Problems, driver: ObjectValue): void {
  const spec = objectAt(driver, 'spec');
  const policy = spec['fsGroupPolicy'];
  const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];
  if (typeof policy === 'string' && !policies.includes(policy)) {
    problems.notSupported('spec.fsGroupPolicy', policy, policies);
  }
  const tokens = itemsOf(spec, 'tokenRequests');
  checkTokens(problems, tokens);
  for (const mode of textsAt(spec, 'volumeLifecycleModes')) {
    if (mode === 'Persistent' || mode === 'Ephemeral') continue;
    problems.notSupported('spec.volumeLifecycleModes', mode, ['Persistent', 'Ephemeral']);
  }
  const period = numberAt(spec, 'nodeAllocatableUpdatePeriodSeconds');
  if (period !== undefined && period < 10) {
    const at = 'spec.nodeAllocatableUpdatePeriodSeconds';
    problems.invalid(at, period, 'must be greater than or equal to 10 seconds');
  }
  const inSecrets = spec['serviceAccountTokenInSecrets'];
  if (inSecrets === undefined || tokens.length > 0) return;
  const detail = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
  problems.invalid('spec.serviceAccountTokenInSecrets', inSecrets, detail);
}

export const driverValidator: Validator = validator({
  create: checkDriver,
  update: (problems, driver, old) => {
    checkDriver(problems, driver);
    checkImmutable(problems, 'spec.attachRequired', driver, old, 'spec.attachedRequired');
    checkImmutable(problems, 'spec.volumeLifecycleModes', driver, old);
  },
  warnings: (driver, old) => {
    const spec = objectAt(driver, 'spec');
    const tokens = spec['tokenRequests'];
    if (itemsOf(spec, 'tokenRequests').length === 0 || spec['serviceAccountTokenInSecrets'] !== undefined) return [];
    if (old !== undefined && semanticallyEqual(objectAt(old, 'spec')['tokenRequests'], tokens)) return [];
    return [tokenAdvice];
  },
});

const maxNodeId = 256;

function checkDriversOf(problems: Problems, node: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, driver] of itemsOf(objectAt(node, 'spec'), 'drivers').entries()) {
    const path = `spec.drivers[${index}]`;
    const name = textAt(driver, 'name');
    driverName(problems, `${path}.name`, name);
    const id = textAt(driver, 'nodeID');
    if (id === '') problems.required(`${path}.nodeID`);
    if (id.length > maxNodeId) problems.invalid(`${path}.nodeID`, id, `must be ${maxNodeId} characters or less`);
    nonNegative(problems, `${path}.allocatable.count`, maybeObject(driver, 'allocatable')?.['count']);
    if (seen.has(name)) problems.duplicate(`${path}.name`, name);
    seen.add(name);
    const keys = new Set<string>();
    for (const key of textsAt(driver, 'topologyKeys')) {
      if (key === '') problems.required(path);
      if (keys.has(key)) problems.duplicate(path, key);
      keys.add(key);
      problems.text(path, key, qualifiedNameErrors);
    }
  }
}

/** What of a driver may not change; how much it can take may. */
function fixedPart(driver: ObjectValue): ObjectValue {
  const { name = '', nodeID = '', topologyKeys = null } = driver;
  return { Name: name, NodeID: nodeID, TopologyKeys: topologyKeys, Allocatable: null };
}

export const nodeDriversValidator: Validator = validator({
  create: checkDriversOf,
  update: (problems, node, old) => {
    checkDriversOf(problems, node);
    for (const before of itemsOf(objectAt(old, 'spec'), 'drivers')) {
      for (const driver of itemsOf(objectAt(node, 'spec'), 'drivers')) {
        if (driver['name'] !== before['name'] || semanticallyEqual(fixedPart(driver), fixedPart(before))) continue;
        problems.invalid('spec.drivers', fixedPart(driver), 'field is immutable');
      }
    }
  },
});

const maxErrorText = 1024;
const maxMetadataSize = 256 * 1024;

function checkAttachment(problems: Problems, attachment: ObjectValue): void {
  const spec = objectAt(attachment, 'spec');
  driverName(problems, 'spec.attacher', spec['attacher']);
  const source = objectAt(spec, 'source');
  const name = source['persistentVolumeName'];
  const isInline = isObject(source['inlineVolumeSpec']);
  const detail = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (name === undefined && !isInline) problems.required('spec.source', detail);
  else if (name !== undefined && isInline) problems.forbidden('spec.source', detail);
  else if (name === '') {
    problems.required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName');
  } else if (isInline && !isObject(objectAt(source, 'inlineVolumeSpec')['csi'])) {
    problems.required('spec.source.inlineVolumeSpec.csi', 'has to be specified in the context of inline volumes');
  }
  problems.text('spec.nodeName', textAt(spec, 'nodeName'), dnsSubdomain);
  checkAttachmentStatus(problems, attachment);
  if (typeof name === 'string') problems.text('spec.source.persistentVolumeName', name, dnsSubdomain);
}

function checkAttachmentStatus(problems: Problems, attachment: ObjectValue): void {
  const status = objectAt(attachment, 'status');
  const size = Object.entries(objectAt(status, 'attachmentMetadata')).flat().join('').length;
  if (size > maxMetadataSize) problems.tooLong('status.attachmentMetadata', maxMetadataSize);
  for (const field of ['attachError', 'detachError']) {
    const path = `status.${field}`;
    const error = maybeObject(status, field);
    if (textAt(error, 'message').length > maxErrorText) problems.tooLong(`${path}.message`, maxMetadataSize);
    const code = numberAt(error, 'errorCode') ?? 0;
    if (code < 0) problems.invalid(`${path}.errorCode`, code, 'must be between 0 and 2147483647, inclusive');
  }
}

export const attachmentValidator: Validator = validator({
  create: checkAttachment,
  update: (problems, attachment, old) => {
    checkAttachment(problems, attachment);
    checkImmutable(problems, 'spec', attachment, old);
  },
  subresources: { status: checkAttachmentStatus },
});
