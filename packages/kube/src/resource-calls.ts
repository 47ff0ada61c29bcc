import { apiVersionOf, resourcePath } from '@reeve/api';
import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Call } from './sender.ts';
import { KubeError } from './kube-error.ts';
import type { DeleteOptions, GetOptions, Patch, PatchOptions, RequestOptions, WriteOptions } from './options.ts';
import { patchBody } from './patch-body.ts';
import { queryText } from './query.ts';

/** What a call is about. */
export interface Target {
  readonly resource: ResourceDescriptor;
  readonly namespace: string | undefined;
  readonly subresource?: string | undefined;
}

function requestPart({ signal, timeoutMs }: RequestOptions): Pick<Call, 'signal' | 'timeoutMs'> {
  return { signal, timeoutMs };
}

function writeParameters(options: WriteOptions): string {
  return queryText({
    fieldManager: options.fieldManager,
    dryRun: options.dryRun === true ? 'All' : undefined,
    fieldValidation: options.fieldValidation,
  });
}

/** The path of an object. Writing to a namespaced kind without a namespace is a mistake worth a clear word. */
function objectPath({ resource, namespace, subresource }: Target, name: string | undefined): string {
  if (resource.namespaced && (namespace ?? '') === '') {
    throw new KubeError('Unsupported', `${resource.kind} lives in a namespace: use client.of(${resource.kind}).in(…)`);
  }
  if (name === '') throw new KubeError('Unsupported', `a ${resource.kind} without metadata.name cannot be addressed`);
  return resourcePath(resource, { namespace, name, subresource });
}

/** The object with apiVersion and kind, which the server wants in every body. */
function complete(target: Target, object: object): object {
  const { resource } = target;
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
}

export function getCall(target: Target, name: string, options: GetOptions): Call {
  const query = queryText({ resourceVersion: options.resourceVersion });
  return { method: 'GET', path: objectPath(target, name) + query, ...requestPart(options) };
}

export function createCall(target: Target, object: KubeObject, options: WriteOptions): Call {
  const namespace = target.namespace ?? object.metadata?.namespace;
  const path = objectPath({ ...target, namespace }, undefined) + writeParameters(options);
  return { method: 'POST', path, body: complete(target, object), ...requestPart(options) };
}

export function updateCall(target: Target, name: string, object: KubeObject, options: WriteOptions): Call {
  const namespace = target.namespace ?? object.metadata?.namespace;
  const path = objectPath({ ...target, namespace }, name) + writeParameters(options);
  return { method: 'PUT', path, body: complete(target, object), ...requestPart(options) };
}

export function patchCall(target: Target, name: string, patch: Patch, options: PatchOptions): Call {
  const { contentType, body } = patchBody(patch);
  const apply = 'apply' in patch;
  const query = writeParameters(options);
  const force = options.force === true && apply ? `${query === '' ? '?' : '&'}force=true` : '';
  return {
    method: 'PATCH',
    path: objectPath(target, name) + query + force,
    contentType,
    body: apply ? complete(target, patch.apply) : body,
    idempotent: apply,
    ...requestPart(options),
  };
}

function deleteBody(options: DeleteOptions): object {
  const { preconditions, propagationPolicy, gracePeriodSeconds, dryRun } = options;
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions,
    propagationPolicy,
    gracePeriodSeconds,
    dryRun: dryRun === true ? ['All'] : undefined,
  };
}

export function deleteCall(target: Target, name: string, options: DeleteOptions): Call {
  return { method: 'DELETE', path: objectPath(target, name), body: deleteBody(options), ...requestPart(options) };
}

export function deleteCollectionCall(target: Target, query: string, options: DeleteOptions): Call {
  const path = objectPath(target, undefined) + query;
  return { method: 'DELETE', path, body: deleteBody(options), ...requestPart(options) };
}
