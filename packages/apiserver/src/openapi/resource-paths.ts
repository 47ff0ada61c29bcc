import type { ResourceInfo, SubresourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import { customSchemaName } from './custom-schema.ts';
import { schemaRef, type Document } from './json-document.ts';
import { actionParameters, nameParameter, namespaceParameter, prettyParameter } from './parameters.ts';
import { metaPrefix, schemaNameOf } from './published-schemas.ts';

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One operation: the HTTP method and what it does (`x-kubernetes-action`). */
interface Action {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch';
  readonly action: string;
}

const collectionActions: Readonly<Record<string, Action>> = {
  list: { method: 'get', action: 'list' },
  create: { method: 'post', action: 'post' },
  deletecollection: { method: 'delete', action: 'deletecollection' },
};

const objectActions: Readonly<Record<string, Action>> = {
  get: { method: 'get', action: 'get' },
  update: { method: 'put', action: 'put' },
  patch: { method: 'patch', action: 'patch' },
  delete: { method: 'delete', action: 'delete' },
};

const subresourceActions: Readonly<Record<string, Action>> = {
  ...objectActions,
  create: { method: 'post', action: 'post' },
};

/** Subresources that open a connection rather than show an object. */
const connections = new Set(['attach', 'exec', 'portforward', 'proxy']);

const patchTypes = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];

/** The paths of a resource with all its operations. */
export function resourcePaths(resource: ResourceInfo): Readonly<Record<string, Document>> {
  const { namespaced, plural, verbs, subresources } = resource;
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${groupVersionOf(resource)}`;
  const scope = namespaced ? '/namespaces/{namespace}' : '';
  const collection = `${root}${scope}/${plural}`;
  const shared = [...(namespaced ? [namespaceParameter] : []), prettyParameter];
  const paths: Record<string, Document> = {};
  const add = (path: string, operations: Document, parameters: readonly Document[]): void => {
    if (Object.keys(operations).length > 0) paths[path] = { ...operations, parameters };
  };
  if (namespaced && verbs.includes('list')) {
    add(`${root}/${plural}`, operationsOf(resource, resource, ['list'], collectionActions, 'ForAllNamespaces'), [
      prettyParameter,
    ]);
  }
  add(collection, operationsOf(resource, resource, verbs, collectionActions, ''), shared);
  add(`${collection}/{name}`, operationsOf(resource, resource, verbs, objectActions, ''), [nameParameter, ...shared]);
  for (const subresource of subresources) {
    const operations = operationsOf(
      resource,
      bodyOf(resource, subresource),
      subresource.verbs,
      subresourceActions,
      subresource.name,
    );
    add(`${collection}/{name}/${subresource.name}`, operations, [nameParameter, ...shared]);
  }
  return paths;
}

function bodyOf(resource: ResourceInfo, { kind, group, version }: SubresourceInfo): Kind {
  return { group: group ?? resource.group, version: version ?? resource.version, kind };
}

function operationsOf(
  resource: ResourceInfo,
  body: Kind,
  verbs: readonly string[],
  actions: Readonly<Record<string, Action>>,
  suffix: string,
): Document {
  const found = verbs.flatMap((verb) => actions[verb] ?? []);
  return Object.fromEntries(found.map((action) => [action.method, operation(resource, body, action, suffix)]));
}

function operation(resource: ResourceInfo, body: Kind, { method, action }: Action, suffix: string): Document {
  const { group, version, kind } = body;
  const shown = connections.has(suffix) ? 'connect' : action;
  const scope = resource.namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  const requestBody = requestBodyOf(resource, body, action);
  const parameters = actionParameters[shown] ?? [];
  return {
    tags: [tagOf(resource)],
    operationId: [action, capital(tagOf(resource)), scope, resource.kind, capital(suffix)].join(''),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody === undefined || shown === 'connect' ? {} : { requestBody }),
    responses: responsesOf(resource, body, method, shown),
    'x-kubernetes-action': shown,
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

function requestBodyOf(resource: ResourceInfo, body: Kind, action: string): Document | undefined {
  if (action === 'put' || action === 'post')
    return { content: { '*/*': { schema: kindSchema(resource, body) } }, required: true };
  if (action === 'delete' || action === 'deletecollection') {
    return { content: { '*/*': { schema: schemaRef(`${metaPrefix}.DeleteOptions`) } } };
  }
  if (action !== 'patch') return undefined;
  const types = resource.custom ? patchTypes : [...patchTypes, 'application/strategic-merge-patch+json'];
  const schema = schemaRef(`${metaPrefix}.Patch`);
  return { content: Object.fromEntries(types.map((type) => [type, { schema }])), required: true };
}

function responsesOf(resource: ResourceInfo, body: Kind, method: string, action: string): Document {
  const unauthorized = { 401: { description: 'Unauthorized' } };
  if (action === 'connect') {
    return { 200: { description: 'OK', content: { '*/*': { schema: { type: 'string' } } } }, ...unauthorized };
  }
  const status = schemaRef(`${metaPrefix}.Status`);
  const list = { ...body, kind: resource.listKind };
  const schema =
    action === 'list' ? kindSchema(resource, list) : method === 'delete' ? status : kindSchema(resource, body);
  const content = Object.fromEntries(['application/json', 'application/yaml'].map((type) => [type, { schema }]));
  const created = method === 'post' || method === 'put' ? { 201: { description: 'Created', content } } : {};
  return { 200: { description: 'OK', content }, ...created, ...unauthorized };
}

function kindSchema({ custom, group, version }: ResourceInfo, body: Kind): Document {
  const own = custom && body.group === group && body.version === version;
  const name = own ? customSchemaName(body.group, body.version, body.kind) : schemaNameOf(body);
  return name === undefined ? { type: 'object' } : schemaRef(name);
}

/** `core_v1`, `apps_v1`, `shopExampleCom_v1`. */
function tagOf({ group, version, custom }: ResourceInfo): string {
  const segments = (group === '' ? 'core' : custom ? group : group.replace(/\.k8s\.io$/, '')).split('.');
  return `${segments.map((part, index) => (index === 0 ? part : capital(part))).join('')}_${version}`;
}

function capital(text: string): string {
  return text === '' ? '' : `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
