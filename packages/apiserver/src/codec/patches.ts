import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch, formatGoValue, InputError } from '@reeve/api';
import { fieldErrors } from '../field-error.ts';
import type { ApplyPatch, Decoded } from '../parts.ts';
import { badRequest, invalid, StatusError, statusError } from '../status-error.ts';
import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { ExactPatch, plainOf } from './exact-patch.ts';
import { readJson } from './json-reader.ts';
import type { DocumentFacts, JsonDocument } from './json-reader.ts';
import { writeJson } from './json-writer.ts';
import { mergeSchemaOf } from './merge-fields.ts';
import { decodeValue } from './object-codec.ts';
import { strictDecodingText } from './strict-errors.ts';

type PatchInput = Parameters<ApplyPatch>[0];

const OPERATION_FIELDS: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);

/** What a client is told of an operation that failed: nothing of the why. */
const rejected = (): StatusError =>
  statusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** Reads the patch; malformed ones are told as the real server tells them for each type. */
function readPatch(body: Uint8Array, prefix: string): JsonDocument {
  try {
    return readJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch (error) {
    if (error instanceof StatusError) throw badRequest(`${prefix}${error.message}`);
    throw error;
  }
}

function translate(error: unknown, type: PatchInput['type']): unknown {
  if (!(error instanceof InputError)) return error;
  switch (error.code) {
    case 'PatchTooLarge':
      return statusError(413, 'RequestEntityTooLarge', `Request entity too large: ${error.message}`);
    case 'PatchNotSupported':
      return rejected();
    case 'PatchDoesNotApply':
      return type === 'application/json-patch+json' ? rejected() : statusError(500, '', error.message);
    default:
      return badRequest(
        type === 'application/json-patch+json' ? `error decoding patch: ${error.message}` : error.message,
      );
  }
}

function objectPatch(patch: Value, prefix: string): ObjectValue {
  if (isObject(patch)) return patch;
  const kind = Array.isArray(patch) ? 'array' : typeof patch === 'boolean' ? 'bool' : typeof patch;
  throw badRequest(`${prefix}json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`);
}

function unknownInOperations(patch: Value): string[] {
  if (!Array.isArray(patch)) return [];
  return patch.flatMap((operation, index) =>
    isObject(operation)
      ? Object.keys(operation)
          .filter((key) => !OPERATION_FIELDS.has(key))
          .map((key) => `json patch unknown field ${JSON.stringify(`[${index}].${key}`)}`)
      : [],
  );
}

interface Patched {
  readonly object: Value;
  readonly facts?: DocumentFacts | undefined;
  readonly strictErrors: readonly string[];
  /** What errors about the result show. */
  readonly shown: () => string;
}

function patchWith({ type, body, current, resource }: PatchInput): Patched {
  const prefix = type === 'application/strategic-merge-patch+json' ? '' : 'error decoding patch: ';
  const { value, facts } = readPatch(body, prefix);
  const duplicates = (facts?.duplicates ?? []).map((path) => `duplicate field ${JSON.stringify(path)}`);
  switch (type) {
    case 'application/json-patch+json': {
      const exact = facts === undefined ? undefined : new ExactPatch(facts);
      const patched = applyJsonPatch(current, exact?.patch ?? value);
      const left = exact?.reveal(patched);
      const object = left === undefined ? patched : plainOf(left);
      const strictErrors = [...duplicates.map((text) => `json patch ${text}`), ...unknownInOperations(value)];
      return { object, facts: left, strictErrors, shown: () => writeJson(object) };
    }
    case 'application/merge-patch+json': {
      const exact = facts === undefined ? undefined : new ExactPatch({ ...facts, repeated: new Map() });
      const patch = value === null ? null : objectPatch(value, prefix);
      const patched = applyMergePatch(current, exact?.patch ?? patch);
      const left = exact?.reveal(patched);
      const object = left === undefined ? patched : plainOf(left);
      return { object, facts: left, strictErrors: duplicates, shown: () => writeJson(object) };
    }
    case 'application/strategic-merge-patch+json': {
      const patch = value === null ? {} : objectPatch(value, prefix);
      const schema = mergeSchemaOf(resource);
      if (schema === undefined)
        throw statusError(415, 'UnsupportedMediaType', 'strategic merge patch needs a built-in kind', {});
      const object = applyStrategicMergePatch(current, patch, schema);
      return { object, strictErrors: duplicates, shown: () => formatGoValue(patch) };
    }
  }
}

const invalidPatch = (shown: string, reason: string): StatusError =>
  invalid({ group: '', kind: '' }, '', [fieldErrors.invalid('patch', shown, reason)]);

function decodePatched(patched: Patched, { resource, fieldValidation }: PatchInput): Decoded {
  const { group, version, kind, custom } = resource;
  try {
    if (!isObject(patched.object)) throw badRequest(`Object 'Kind' is missing in '${writeJson(patched.object)}'`);
    const decoded = decodeValue(patched.object, patched.facts, {
      expected: { group, version, kind },
      custom,
      fieldValidation,
    });
    const coerced = resource.strategy.coerce?.(decoded.object);
    if (coerced?.problem !== undefined) throw badRequest(coerced.problem);
    return { ...decoded, strictErrors: [...decoded.strictErrors, ...(coerced?.unknown ?? [])] };
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.code !== 400) throw error;
    throw invalidPatch(patched.shown(), error.message.replace(/^.* cannot be handled as a \w+: /, ''));
  }
}

/**
 * Applies a JSON, merge or strategic merge patch and decodes the result as the resource's kind. What does not decode,
 * and with Strict what is unknown or repeated, is 422 and quotes the patch; with Warn the caller tells it.
 */
export const applyPatch: ApplyPatch = (input) => {
  let patched: Patched;
  try {
    patched = patchWith(input);
  } catch (error) {
    throw translate(error, input.type);
  }
  const { object, strictErrors } = decodePatched(patched, input);
  const all = input.fieldValidation === 'Ignore' ? [] : [...patched.strictErrors, ...strictErrors];
  if (input.fieldValidation === 'Strict' && all.length > 0)
    throw invalidPatch(patched.shown(), strictDecodingText(all));
  return { object, strictErrors: all };
};
