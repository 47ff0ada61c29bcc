import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { pageAnswer, selectPage } from '../read/list.ts';
import { readListOptions } from '../read/list-options.ts';
import { parseVersion, reached } from '../read/resource-version.ts';
import { badRequest, StatusError, statusError } from '../status-error.ts';
import type { DeleteOptions, WriteRequest } from '../operations/operations.ts';
import type { Answer } from './answer.ts';
import type { WriteOptions } from './context.ts';
import { readDeleteOptions } from './delete-options.ts';
import { readObject } from './read-body.ts';
import type { VerbInput } from './verb.ts';
import { readWriteOptions } from './write-options.ts';

/** What operations need to know of a request. */
export function writeRequest(
  { context, subresource }: VerbInput,
  options: Pick<WriteOptions, 'dryRun' | 'fieldManager'>,
): WriteRequest {
  const { user, now, warn } = context;
  return { user, now, warn, ...options, subresource: subresource?.name ?? '' };
}

export async function get({ core, context, resource }: VerbInput): Promise<Answer> {
  const { namespace, name, query } = context.info;
  const version = parseVersion(query.get('resourceVersion') ?? '');
  if (typeof version === 'string') throw statusError(500, '', version);
  await reached(core.store, core.options.clock, version);
  return { type: 'object', status: 200, resource, object: core.operations.get(resource, namespace, name) };
}

export async function create(input: VerbInput): Promise<Answer> {
  const { core, parts, context, resource } = input;
  const options = readWriteOptions(context, 'CreateOptions');
  const decoded = readObject(parts.codec, context, resource, options);
  placeInNamespace(decoded, input);
  resource.strategy.applyDefaults(decoded);
  const { namespace } = context.info;
  const object = await core.operations.create(resource, namespace, decoded, writeRequest(input, options));
  return { type: 'object', status: 201, resource, object };
}

export async function update(input: VerbInput): Promise<Answer> {
  const { core, parts, context, resource } = input;
  const options = readWriteOptions(context, 'UpdateOptions');
  const decoded = readObject(parts.codec, context, resource, options);
  placeInNamespace(decoded, input);
  checkName(decoded, context.info.name);
  resource.strategy.applyDefaults(decoded);
  const { namespace, name } = context.info;
  const change = (): ObjectValue => structuredClone(decoded);
  const request = writeRequest(input, options);
  const { object, created } = await core.operations.update(resource, namespace, name, change, request, { isPut: true });
  return { type: 'object', status: created ? 201 : 200, resource, object };
}

export async function remove(input: VerbInput): Promise<Answer> {
  const { core, parts, context, resource } = input;
  const { namespace, name } = context.info;
  const { options, dryRun } = readDeleteOptions(parts.codec, context);
  warnOfDefault(input, options);
  const request = writeRequest(input, { dryRun, fieldManager: '' });
  const { object, gone } = await core.operations.remove(resource, namespace, name, options, request);
  const status = !gone && options.orphanDependents === false ? 202 : 200;
  if (!gone || resource.deletion.answersObject) return { type: 'object', status, resource, object };
  return { type: 'plain', status, object: deletedStatus(input, object) };
}

function warnOfDefault({ context, resource }: VerbInput, options: DeleteOptions): void {
  const { warning } = resource.deletion;
  if (warning === undefined || options.propagationPolicy !== undefined) return;
  if (options.orphanDependents === undefined) context.warn(warning);
}

function deletedStatus({ resource }: VerbInput, object: ObjectValue): ObjectValue {
  const { name, uid } = metadataOf(object);
  const group = resource.group === '' ? {} : { group: resource.group };
  const details = { name: name ?? '', ...group, kind: resource.plural, uid: uid ?? '' };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** DELETE of what a list with the same selectors would show, one after another; answers with that list. */
export async function removeCollection(input: VerbInput): Promise<Answer> {
  const { core, parts, context, resource } = input;
  const { query, namespace } = context.info;
  const { options, dryRun } = readDeleteOptions(parts.codec, context);
  const listOptions = readListOptions(query, false);
  const page = await selectPage(input, listOptions);
  warnOfDefault(input, options);
  const ofCollection = { ...writeRequest(input, { dryRun, fieldManager: '' }), isCollection: true };
  for (const stored of page.items) {
    const at = resource.namespaced ? stored.namespace : namespace;
    await core.operations.remove(resource, at, stored.name, options, ofCollection).catch(ignoreMissing);
  }
  return pageAnswer(input, page);
}

/** Somebody else may delete the same objects at the same time. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof StatusError) || error.status.code !== 404) throw error;
}

/** The path decides; a body that says otherwise is refused. */
export function placeInNamespace(object: ObjectValue, { context, resource }: VerbInput): void {
  const metadata = metadataOf(object);
  if (!resource.namespaced) {
    delete metadata['namespace'];
    return;
  }
  const given = metadata['namespace'];
  if (given !== undefined && given !== '' && given !== context.info.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  metadata['namespace'] = context.info.namespace;
}

/** A body names the object that the path names. */
export function checkName(object: ObjectValue, name: string): void {
  const given = metadataOf(object)['name'];
  if (given === undefined || given === '') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (given !== name) {
    throw badRequest(`the name of the object (${String(given)}) does not match the name on the URL (${name})`);
  }
}
