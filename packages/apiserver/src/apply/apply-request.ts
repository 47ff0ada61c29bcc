import { decodeBuiltIn } from '../codec/built-in.ts';
import { groupVersionText, readTypeMeta } from '../codec/body-type.ts';
import { goTypeOf } from '../codec/go-types.ts';
import { readYaml } from '../codec/yaml-reader.ts';
import type { FieldManagement } from '../parts.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { badRequest, StatusError, statusError } from '../status-error.ts';
import { isObject } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { typeErrors } from './type-errors.ts';

type ApplyInput = Parameters<FieldManagement['apply']>[0];

/** What a client applies, and what Go's strict YAML reader has to say about it. */
export interface AppliedBody {
  readonly object: ObjectValue;
  readonly duplicates: readonly string[];
}

/** `/v1, Kind=ConfigMap`, as Go prints a kind. */
function kindText(apiVersion: string, kind: string): string {
  const version = apiVersion.includes('/') || apiVersion === '' ? apiVersion || '/' : `/${apiVersion}`;
  return `${version}, Kind=${kind}`;
}

/** `ns/name; /v1, Kind=ConfigMap`, as errors name an object. */
function describeObject(object: ObjectValue, { group, version, kind }: ResourceInfo): string {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const text = (name: string): string => (typeof metadata[name] === 'string' ? metadata[name] : '');
  return `${text('namespace')}/${text('name')}; ${kindText(groupVersionText({ group, version }), kind)}`;
}

/** Reads the body of an apply: YAML or JSON of exactly the path's kind. */
export function readApplied({ body, resource }: ApplyInput): AppliedBody {
  const { value, duplicates } = inWords('error decoding YAML: error converting YAML to JSON: ', () =>
    readYaml(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')),
  );
  if (value !== null && !isObject(value))
    throw badRequest(`error decoding YAML: error unmarshaling JSON: json: cannot unmarshal into a map`);
  const object = value ?? {};
  const { apiVersion, kind } = inWords('', () => readTypeMeta(object));
  if (apiVersion !== groupVersionText(resource) || kind !== resource.kind)
    throw badRequest(`invalid object type: ${kindText(apiVersion, kind)}`);
  const metadata = object['metadata'];
  if (isObject(metadata) && Array.isArray(metadata['managedFields']))
    throw badRequest('metadata.managedFields must be nil');
  return { object, duplicates };
}

function inWords<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StatusError) throw badRequest(`${prefix}${error.message}`);
    throw error;
  }
}

/** 500, as on the real server, for whatever does not fit the schema. */
export function checkTypes(object: ObjectValue, resource: ResourceInfo): void {
  const errors = typeErrors(resource.strategy.schema, object);
  if (errors === undefined) return;
  throw statusError(500, '', `failed to create typed patch object (${describeObject(object, resource)}): ${errors}`);
}

/** With Strict, repeated keys refuse an apply that otherwise succeeded; with Warn they are told. */
export function strictErrorsOf({ duplicates }: AppliedBody, { fieldValidation }: ApplyInput): readonly string[] {
  if (duplicates.length === 0 || fieldValidation === 'Ignore') return [];
  if (fieldValidation === 'Warn') return duplicates;
  throw badRequest(
    `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`,
  );
}

/** The merged object in canonical form, with defaults. What Go cannot hold is 500. */
export function completeObject(object: ObjectValue, resource: ResourceInfo): ObjectValue {
  const goType = resource.custom ? undefined : goTypeOf(resource);
  const decoded = goType === undefined ? object : decodeMerged(goType, object, resource);
  resource.strategy.applyDefaults(decoded);
  return decoded;
}

function decodeMerged(goType: string, object: ObjectValue, resource: ResourceInfo): ObjectValue {
  try {
    return decodeBuiltIn(goType, object).object;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const kind = kindText(groupVersionText(resource), resource.kind);
    throw statusError(
      500,
      '',
      `failed to convert new object (${describeObject(object, resource)}) to proper version: unable to convert unstructured object to ${kind}: error decoding from json: ${error.message}`,
    );
  }
}
