import { isObject, metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { mapAt, textAt } from '../../object-path.ts';
import { configKey } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkImmutable } from '../immutable.ts';

const maxSize = 1024 * 1024;

function checkKeys(problems: Problems, object: ObjectValue, fields: readonly string[]): number {
  let size = 0;
  for (const field of fields) {
    for (const [key, value] of Object.entries(mapAt(object, field))) {
      problems.text(`${field}[${key}]`, key, configKey);
      size += field === 'data' && object['kind'] !== 'Secret' ? Buffer.byteLength(value) : decodedLength(value);
    }
  }
  return size;
}

function decodedLength(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}

function checkFrozen(problems: Problems, object: ObjectValue, old: ObjectValue, fields: readonly string[]): void {
  if (old['immutable'] !== true) return;
  if (object['immutable'] !== true) problems.forbidden('immutable', 'field is immutable when `immutable` is set');
  for (const field of fields) {
    if (!semanticallyEqual(object[field], old[field])) {
      problems.forbidden(field, 'field is immutable when `immutable` is set');
    }
  }
}

function checkConfigMap(problems: Problems, object: ObjectValue): void {
  const binary = mapAt(object, 'binaryData');
  const data = mapAt(object, 'data');
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    problems.text(`data[${key}]`, key, configKey);
    if (key in binary) problems.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
    size += Buffer.byteLength(value);
  }
  size += checkKeys(problems, object, ['binaryData']);
  if (size > maxSize) problems.tooLong('[]', maxSize);
}

export const configMapValidator: Validator = validator({
  create: checkConfigMap,
  update: (problems, object, old) => {
    checkFrozen(problems, object, old, ['data', 'binaryData']);
    checkConfigMap(problems, object);
  },
});

/** The keys that a type of secret must have. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};
const accountAnnotation = 'kubernetes.io/service-account.name';

function checkSecret(problems: Problems, secret: ObjectValue): void {
  const size = checkKeys(problems, { ...secret, kind: 'Secret' }, ['data']);
  if (size > maxSize) problems.tooLong('data', maxSize);
  const type = textAt(secret, 'type');
  const data = mapAt(secret, 'data');
  if (type === 'kubernetes.io/service-account-token') {
    if (!mapAt(metadataOf(secret), 'annotations')[accountAnnotation]) {
      problems.required(`metadata.annotations[${accountAnnotation}]`);
    }
  } else if (type === 'kubernetes.io/basic-auth') {
    if (!('username' in data) && !('password' in data)) {
      problems.required('data[username]');
      problems.required('data[password]');
    }
  }
  for (const key of requiredKeys[type] ?? []) checkTyped(problems, type, key, data[key]);
}

function checkTyped(problems: Problems, type: string, key: string, value: string | undefined): void {
  const path = `data[${key}]`;
  if (type === 'kubernetes.io/ssh-auth' ? !value : value === undefined) return problems.required(path);
  if (!type.startsWith('kubernetes.io/docker')) return;
  const problem = jsonProblem(Buffer.from(value ?? '', 'base64').toString('utf8'));
  if (problem !== undefined) problems.invalid(path, '<secret contents redacted>', problem);
}

function jsonProblem(text: string): string | undefined {
  if (text === '') return 'unexpected end of JSON input';
  try {
    return isObject(JSON.parse(text) as ObjectValue)
      ? undefined
      : 'json: cannot unmarshal into Go value of type map[string]interface {}';
  } catch {
    return `invalid character '${text.charAt(0)}' looking for beginning of value`;
  }
}

export const secretValidator: Validator = validator({
  create: checkSecret,
  update: (problems, secret, old) => {
    checkImmutable(problems, 'type', secret, old);
    checkFrozen(problems, secret, old, ['data']);
    checkSecret(problems, secret);
  },
  warnings: (secret) => {
    if (secret['type'] !== 'kubernetes.io/tls') return [];
    const pem = Buffer.from(mapAt(secret, 'data')['tls.crt'] ?? '', 'base64').toString('latin1');
    return pem.includes('-----BEGIN') ? [] : ['tls: failed to find any PEM data in certificate input'];
  },
});

const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets';

export const serviceAccountValidator: Validator = validator({
  create: () => {},
  warnings: (account, old) => {
    const has = (object: ObjectValue): boolean =>
      mapAt(metadataOf(object), 'annotations')[enforceAnnotation] === 'true';
    if (!has(account) || (old !== undefined && has(old))) return [];
    return [
      `metadata.annotations[${enforceAnnotation}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
    ];
  },
});
