import { compareQuantities, qualifiedNameErrors } from '@reeve/api';
import { isObject } from '../../../value.ts';
import type { ObjectValue, Value } from '../../../value.ts';
import { itemsOf, maybeObject, textAt } from '../../object-path.ts';
import { configKey, dnsSubdomain, environmentName } from '../names.ts';
import { descendingPath } from '../paths.ts';
import type { Problems } from '../problems.ts';

const resources = ['cpu', 'memory', 'ephemeral-storage']
  .flatMap((name) => [`limits.${name}`, `requests.${name}`])
  .toSorted();
const hugePages = ['limits.hugepages-', 'requests.hugepages-'];
const metadataFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** The fields of a pod that its environment can show. */
const environmentFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** Those that exist but have no place there. */
const knownFields = new Set([
  ...environmentFields,
  ...metadataFields,
  'spec.restartPolicy',
  'status.phase',
  'spec.schedulerName',
]);

/** `env` and `envFrom` of a container. */
export function checkEnvironment(problems: Problems, path: string, container: ObjectValue): void {
  for (const [index, variable] of itemsOf(container, 'env').entries()) {
    const at = `${path}.env[${index}]`;
    const name = textAt(variable, 'name');
    if (name === '') problems.required(`${at}.name`);
    else problems.text(`${at}.name`, name, environmentName);
    checkSource(problems, `${at}.valueFrom`, variable);
  }
  for (const [index, source] of itemsOf(container, 'envFrom').entries()) {
    checkEnvFrom(problems, `${path}.envFrom`, index, source);
  }
}

function checkEnvFrom(problems: Problems, path: string, index: number, source: ObjectValue): void {
  const at = `${path}[${index}]`;
  const prefix = textAt(source, 'prefix');
  if (prefix !== '') problems.text(`${at}.prefix`, prefix, environmentName);
  const references = ['configMapRef', 'secretRef'].filter((name) => maybeObject(source, name) !== undefined);
  for (const name of references) {
    const given = textAt(maybeObject(source, name), 'name');
    if (given === '') problems.required(`${at}.${name}.name`);
    else problems.text(`${at}.${name}.name`, given, dnsSubdomain);
  }
  if (references.length === 0) problems.invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`');
  if (references.length > 1) problems.invalid(path, '', 'may not have more than one field specified at a time');
}

const sources: Readonly<Record<string, (problems: Problems, path: string, source: ObjectValue) => void>> = {
  fieldRef: (problems, path, source) => checkFieldReference(problems, path, source, environmentFields),
  resourceFieldRef: (problems, path, source) => checkResourceReference(problems, path, source, false),
  configMapKeyRef: checkKeyReference,
  secretKeyRef: checkKeyReference,
  fileKeyRef: checkFileReference,
};

function checkSource(problems: Problems, path: string, variable: ObjectValue): void {
  const from = maybeObject(variable, 'valueFrom');
  if (from === undefined) return;
  const given = Object.keys(sources).filter((name) => isObject(from[name]));
  for (const name of given) sources[name]?.(problems, `${path}.${name}`, maybeObject(from, name) ?? {});
  if (given.length === 0) {
    const names = Object.keys(sources).map((name) => `\`${name}\``);
    problems.invalid(path, '', `must specify one of: ${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`);
  } else if (textAt(variable, 'value') !== '') {
    problems.invalid(path, '', 'may not be specified when `value` is not empty');
  } else if (given.length > 1) problems.invalid(path, '', 'may not have more than one field specified at a time');
}

function checkKeyReference(problems: Problems, path: string, source: ObjectValue): void {
  problems.text(`${path}.name`, textAt(source, 'name'), dnsSubdomain);
  const key = textAt(source, 'key');
  if (key === '') problems.required(`${path}.key`);
  else problems.text(`${path}.key`, key, configKey);
}

function checkFileReference(problems: Problems, path: string, source: ObjectValue): void {
  const key = textAt(source, 'key');
  if (key === '') problems.required(`${path}.key`);
  else problems.text(`${path}.key`, key, environmentName);
  if (textAt(source, 'volumeName') === '') problems.required(`${path}.volumeName`);
  const file = textAt(source, 'path');
  if (file === '') problems.required(`${path}.path`);
  else problems.text(`${path}.path`, file, descendingPath);
}

/** A field of the pod itself, such as `metadata.labels['a']`. */
export function checkFieldReference(
  problems: Problems,
  path: string,
  reference: ObjectValue,
  allowed: readonly string[] = metadataFields,
): void {
  const field = textAt(reference, 'fieldPath');
  if (textAt(reference, 'apiVersion') === '') return problems.required(`${path}.apiVersion`);
  if (field === '') return problems.required(`${path}.fieldPath`);
  const subscript = /^(.+)\['(.*)'\]$/s.exec(field);
  const known = subscript === null ? knownFields.has(field) : metadataFields.slice(0, 2).includes(subscript[1] ?? '');
  if (!known) {
    const detail = `error converting fieldPath: field label not supported: ${subscript?.[1] ?? field}`;
    return problems.invalid(`${path}.fieldPath`, field, detail);
  }
  if (subscript !== null) {
    const key = subscript[2] ?? '';
    return problems.text(path, field.startsWith('metadata.annotations') ? key.toLowerCase() : key, qualifiedNameErrors);
  }
  if (!allowed.includes(field)) problems.notSupported(`${path}.fieldPath`, field, allowed);
}

/** A resource of a container; in a volume the container must be named. */
export function checkResourceReference(
  problems: Problems,
  path: string,
  reference: ObjectValue,
  isVolume: boolean,
): void {
  const resource = textAt(reference, 'resource');
  if (isVolume && textAt(reference, 'containerName') === '') problems.required(`${path}.containerName`);
  else if (resource === '') problems.required(`${path}.resource`);
  else if (!resources.includes(resource) && !hugePages.some((prefix) => resource.startsWith(prefix))) {
    problems.notSupported(`${path}.resource`, resource, resources);
  }
  checkDivisor(problems, `${path}.divisor`, resource, reference['divisor']);
}

const divisors: Readonly<Record<string, readonly string[]>> = {
  cpu: ['1m', '1'],
  memory: ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'],
};

function checkDivisor(problems: Problems, path: string, resource: string, divisor: Value | undefined): void {
  if (typeof divisor !== 'string' || compareQuantities(divisor, '0') === 0) return;
  const [, name = ''] = resource.split('.');
  const kind = name === 'cpu' ? 'cpu' : 'memory';
  const isKnown = name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-');
  if (!isKnown || divisors[kind]?.includes(divisor) === true) return;
  const allowed = kind === 'cpu' ? '1m and 1' : '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';
  problems.invalid(path, resource, `only divisor's values ${allowed} are supported with the ${name} resource`);
}
