import type { WireResponse } from '@reeve/api';
import type { Core, Parts } from '../parts.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { pathSegment } from '../builtin/validation/names.ts';
import {
  badRequest,
  methodNotAllowed,
  notFound,
  notServed,
  qualifiedResource,
  StatusError,
  statusError,
} from '../status-error.ts';
import type { Answer } from './answer.ts';
import type { RequestContext } from './context.ts';
import { negotiate, takesOnlyProtobuf } from './negotiate.ts';
import { present } from './present.ts';
import { protobufError } from './protobuf-answers.ts';
import { pageNotFound } from './responses.ts';
import { list } from '../read/list.ts';
import { watch } from '../read/watch.ts';
import { patch } from './patch.ts';
import type { Verb, VerbInput } from './verb.ts';
import { create, get, remove, removeCollection, update } from './verbs.ts';

const verbs: Readonly<Record<string, Verb>> = {
  create,
  get,
  list,
  watch,
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
};

/** Finds the resource and the verb's function, and shapes its answer. */
export async function routeResource(core: Core, parts: Parts, context: RequestContext): Promise<WireResponse> {
  const { info } = context;
  const resource = core.registry.find(info.group, info.version, info.resource);
  if (resource === undefined) {
    if (isBuiltinGroup(core, info.group)) throw notServed();
    return pageNotFound();
  }
  if (resource.deprecation !== undefined) context.warn(resource.deprecation);
  const misplaced = placeError(resource, context);
  if (misplaced !== undefined) {
    if (misplaced === 'page') return pageNotFound();
    throw misplaced;
  }
  checkPathName(info.pathName);
  try {
    return await negotiated(core, parts, context, resource);
  } catch (error) {
    if (error instanceof StatusError && takesOnlyProtobuf(context.request.headers['accept']))
      return protobufError(error);
    throw error;
  }
}

async function negotiated(
  core: Core,
  parts: Parts,
  context: RequestContext,
  resource: ResourceInfo,
): Promise<WireResponse> {
  const { verb } = context.info;
  const kind = verb === 'list' || verb === 'watch' ? 'list' : 'object';
  const form = negotiate(context.request.headers['accept'], kind, resource.custom);
  const answer = await answerOf({ core, parts, context, resource, subresource: undefined, form });
  return present(parts, context, answer, form);
}

/** Names that could lead elsewhere in the key space of a store. */
function checkPathName(name: string): void {
  const [error] = name === '' ? [] : pathSegment(name);
  if (error !== undefined) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${error}`);
}

const acrossNamespaces: ReadonlySet<string> = new Set(['list', 'watch']);
const collectionVerbs: ReadonlySet<string> = new Set(['create', 'list', 'watch', 'deletecollection']);

/** What is wrong with a path's shape: `page` stands for Go's text answer to a path that nothing serves. */
function placeError(resource: ResourceInfo, context: RequestContext): StatusError | 'page' | undefined {
  return resource.custom ? customPlaceError(resource, context) : builtinPlaceError(resource, context);
}

/** Custom resources take all that names them in their scope. */
function customPlaceError({ namespaced }: ResourceInfo, { info }: RequestContext): StatusError | 'page' | undefined {
  if (namespaced === info.isInNamespace) {
    const needsName = info.verb === 'update' || info.verb === 'patch';
    return needsName && info.pathName === '' ? badRequest('name must be provided') : undefined;
  }
  return namespaced && acrossNamespaces.has(info.verb) && info.pathName === '' ? undefined : 'page';
}

/** Built-in resources have a route for each method of their collection, of an object and of each subresource. */
function builtinPlaceError(resource: ResourceInfo, { info, request }: RequestContext): StatusError | undefined {
  const { pathName, isInNamespace, isLegacyWatch, subresource, rest, verb } = info;
  if (isInNamespace && !resource.namespaced) return notServed();
  if (rest.length > 0 && subresource !== 'proxy') return notServed();
  if (isLegacyWatch) return request.method === 'GET' ? undefined : methodNotAllowed();
  if (pathName !== '') {
    if (resource.namespaced && !isInNamespace) return notServed();
    return subresource === '' && verb === 'create' ? methodNotAllowed() : undefined;
  }
  const isAllowed = resource.namespaced && !isInNamespace ? acrossNamespaces : collectionVerbs;
  // Reviews and bindings have no collection to list, but a namespaced one still needs its namespace.
  return isAllowed.has(verb) ? undefined : methodNotAllowed();
}

function isBuiltinGroup({ registry }: Core, group: string): boolean {
  for (const resource of registry.all()) if (resource.group === group && !resource.custom) return true;
  return false;
}

async function answerOf(input: VerbInput): Promise<Answer> {
  const { parts, context, resource } = input;
  const { info } = context;
  if (info.subresource !== '') return answerSubresource(input);
  const virtual = parts.virtualResources.get(qualifiedResource(resource));
  if (virtual !== undefined) return virtual(context, resource);
  const verb = verbs[info.verb];
  if (verb === undefined || !resource.verbs.includes(info.verb) || context.request.method === 'HEAD') {
    throw methodNotAllowed();
  }
  return verb(input);
}

async function answerSubresource(input: VerbInput): Promise<Answer> {
  const { parts, context, resource } = input;
  const { info } = context;
  const subresource = resource.subresources.find(({ name }) => name === info.subresource);
  if (subresource === undefined) throw resource.custom ? notFound(resource, info.name) : notServed();
  if (resource.custom && !subresource.verbs.includes(info.verb)) throw unsupported(resource, info.verb);
  const handler =
    parts.subresources.get(`${qualifiedResource(resource)}/${subresource.name}`) ??
    parts.subresources.get(`*/${subresource.name}`);
  if (handler !== undefined) return handler(context, resource, subresource);
  const verb = verbs[info.verb];
  if (verb === undefined || !subresource.verbs.includes(info.verb)) throw methodNotAllowed();
  return verb({ ...input, subresource });
}

/** Custom resources name the verb and themselves where built-in ones speak of methods. */
function unsupported(resource: ResourceInfo, verb: string): Error {
  const { group, plural } = resource;
  const message = `${verb} is not supported on resources of kind ${JSON.stringify(qualifiedResource(resource))}`;
  return statusError(405, 'MethodNotAllowed', message, { group, kind: plural });
}
