import { createHash } from 'node:crypto';
import type { WireResponse } from '@reeve/api';
import type { Core, PathHandler } from '../parts.ts';
import type { RequestContext } from '../pipeline/context.ts';
import { pageNotFound, textResponse } from '../pipeline/responses.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { ResourceRegistry } from '../registry/resource-registry.ts';
import { methodNotAllowed, notServed, statusError } from '../status-error.ts';
import { aggregatedDocument, aggregatedType, asksAggregated } from './aggregated.ts';
import { apiVersions, groupDocument, groupList, resourceList } from './group-documents.ts';
import { servedGroups, type ServedGroup } from './group-versions.ts';
import { healthAnswer } from './health.ts';
import { metricsAnswer } from './metrics.ts';
import { covers, parseAccept, preferred, type MediaRange } from './media-range.ts';
import { bytesAnswer, jsonAnswer, jsonType, yamlAnswer, yamlType } from './plain-answer.ts';
import { encodeDocument, protobufType } from './protobuf-documents.ts';
import { versionInfo } from './version-info.ts';

const offered = [jsonType, yamlType, protobufType];
const listed = offered.join(', ');

/** Answers `/api`, `/apis` and all below that names no resource, `/version`, the health paths and `/metrics`. */
export function discoveryHandler(core: Core): PathHandler {
  const { registry } = core;
  const groups = following(registry, () => servedGroups(registry));
  const aggregate = following(registry, () => {
    const [core, named] = [groups().filter(isCore), groups().filter((group) => !isCore(group))];
    return { api: withTag(aggregatedDocument(registry, core)), apis: withTag(aggregatedDocument(registry, named)) };
  });
  return async (context) => {
    const [root, group, version, ...rest] = context.info.path.split('/').filter((segment) => segment !== '');
    if (root === 'api' && group === undefined)
      return rootAnswer(context, aggregate().api, () => coreVersions(context, groups()));
    if (root === 'apis' && group === undefined) {
      return rootAnswer(context, aggregate().apis, () => groupList(groups().filter((item) => !isCore(item))));
    }
    if (root === 'api' && version === undefined) return versionAnswer(context, registry, '', group ?? '', groups());
    if (root === 'apis' && rest.length === 0) return groupAnswer(context, registry, group ?? '', version, groups());
    return root === 'api' || root === 'apis' ? undefined : serverAnswer(context, core);
  };
}

const isCore = ({ name }: ServedGroup): boolean => name === '';

/** Computes once for each state of the registry. */
function following<T>(registry: ResourceRegistry, make: () => T): () => T {
  let epoch = -1;
  let value: T;
  return () => {
    if (epoch !== registry.epoch) {
      value = make();
      epoch = registry.epoch;
    }
    return value;
  };
}

interface Tagged {
  readonly document: Readonly<Record<string, unknown>>;
  readonly tag: string;
}

function withTag(document: Readonly<Record<string, unknown>>): Tagged {
  const hash = createHash('sha512').update(JSON.stringify(document)).digest('hex').toUpperCase();
  return { document, tag: `"${hash}"` };
}

function coreVersions({ request }: RequestContext, groups: readonly ServedGroup[]): Readonly<Record<string, unknown>> {
  return apiVersions(groups.find(isCore) ?? { name: '', versions: [] }, request.headers['host'] ?? '');
}

/** `/api` and `/apis`, the only ones with an aggregated form. */
function rootAnswer(
  context: RequestContext,
  aggregated: Tagged,
  plain: () => Readonly<Record<string, unknown>>,
): WireResponse {
  const { headers } = context.request;
  for (const range of parseAccept(headers['accept'])) {
    if (asksAggregated(range)) return taggedAnswer(aggregated, headers['if-none-match']);
    const answer = encode(range, plain);
    if (answer !== undefined) return answer;
  }
  throw statusError(406, 'NotAcceptable', `only the following media types are accepted: ${listed}`);
}

function taggedAnswer({ document, tag }: Tagged, known: string | undefined): WireResponse {
  const headers = { etag: tag, vary: 'Accept', 'cache-control': 'public' };
  if (known === tag) return { ...textResponse(304, ''), headers };
  const answer = jsonAnswer(document, 200, aggregatedType);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** JSON, YAML or protobuf as the range asks; parameters such as `as=` ask for a form that these documents do not have. */
function encode(range: MediaRange, document: () => Readonly<Record<string, unknown>>): WireResponse | undefined {
  if ('as' in range.parameters) return undefined;
  if (covers(range, jsonType)) return jsonAnswer(document());
  if (covers(range, yamlType)) return yamlAnswer(document());
  return covers(range, protobufType) ? bytesAnswer(encodeDocument(document()), 200, protobufType) : undefined;
}

function groupAnswer(
  context: RequestContext,
  registry: ResourceRegistry,
  name: string,
  version: string | undefined,
  groups: readonly ServedGroup[],
): WireResponse {
  const group = groups.find((candidate) => candidate.name === name && name !== '');
  if (group === undefined) return pageNotFound();
  if (version !== undefined) return versionAnswer(context, registry, name, version, groups);
  return negotiate(context, () => groupDocument(group));
}

function versionAnswer(
  context: RequestContext,
  registry: ResourceRegistry,
  group: string,
  version: string,
  groups: readonly ServedGroup[],
): WireResponse {
  const resources = registry.inGroupVersion(group, version);
  const custom = registry.inGroupVersion(group, groups.find(({ name }) => name === group)?.versions[0] ?? '');
  if (resources.length === 0) {
    if (custom.length > 0 && custom.every((resource) => resource.custom)) return pageNotFound();
    throw notServed();
  }
  if (context.request.method !== 'GET') throw methodNotAllowed();
  if (preferred(context.request.headers['accept'], offered) === undefined) {
    throw statusError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${listed}`, {});
  }
  return negotiate(context, () => resourceList(groupVersionOf({ group, version }), resources));
}

function negotiate({ request }: RequestContext, document: () => Readonly<Record<string, unknown>>): WireResponse {
  for (const range of parseAccept(request.headers['accept'])) {
    const answer = encode(range, document);
    if (answer !== undefined) return answer;
  }
  throw statusError(406, 'NotAcceptable', `only the following media types are accepted: ${listed}`);
}

function serverAnswer({ request, info }: RequestContext, core: Core): WireResponse | undefined {
  switch (info.path.replace(/\/$/, '')) {
    case '/version':
      if (request.method !== 'GET') throw methodNotAllowed();
      return jsonAnswer(versionInfo);
    case '/metrics':
      return metricsAnswer(core);
    default:
      return healthAnswer(info.path, info.query);
  }
}
