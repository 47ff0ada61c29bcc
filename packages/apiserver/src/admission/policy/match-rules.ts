import { labelRequirements, matchesLabels } from '@reeve/api';
import type { LabelSelector } from '@reeve/api';
import { itemsOf, mapAt, maybeObject, objectAt, textAt, textsAt } from '../../builtin/object-path.ts';
import type { AdmissionAttributes } from '../../parts.ts';
import type { ResourceInfo } from '../../registry/resource-info.ts';
import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';

/** Finds the labels of a namespace. */
export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>>;

/** True if a request is one that a policy, a binding or a webhook is about. */
export function matchesRequest(
  match: ObjectValue,
  attributes: AdmissionAttributes,
  labelsOf: NamespaceLabels,
  lists: { readonly rules: string; readonly excluded?: string } = {
    rules: 'resourceRules',
    excluded: 'excludeResourceRules',
  },
): boolean {
  const isExact = textAt(match, 'matchPolicy') === 'Exact';
  const isAbout = (list: string): boolean =>
    itemsOf(match, list).some((rule) => matchesRule(rule, attributes, isExact));
  if (!matchesNamespace(objectAt(match, 'namespaceSelector'), attributes, labelsOf)) return false;
  if (!matchesObject(objectAt(match, 'objectSelector'), attributes)) return false;
  if (lists.excluded !== undefined && isAbout(lists.excluded)) return false;
  return isAbout(lists.rules);
}

/** A binding without rules matches what its policy does. */
export function matchesBinding(
  match: ObjectValue,
  attributes: AdmissionAttributes,
  labelsOf: NamespaceLabels,
): boolean {
  const all = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] };
  const hasRules = Array.isArray(match['resourceRules']) && match['resourceRules'].length > 0;
  return matchesRequest(hasRules ? match : { ...match, resourceRules: [all] }, attributes, labelsOf);
}

function isEmpty(selector: ObjectValue): boolean {
  return Object.keys(mapAt(selector, 'matchLabels')).length === 0 && itemsOf(selector, 'matchExpressions').length === 0;
}

const selects = (selector: ObjectValue, labels: Readonly<Record<string, string>>): boolean =>
  isEmpty(selector) || matchesLabels(labelRequirements(selector as LabelSelector), labels);

const isNamespace = ({ resource }: AdmissionAttributes): boolean =>
  resource.group === '' && resource.plural === 'namespaces';

function matchesNamespace(selector: ObjectValue, attributes: AdmissionAttributes, labelsOf: NamespaceLabels): boolean {
  if (isEmpty(selector)) return true;
  if (!isNamespace(attributes)) return attributes.namespace === '' || selects(selector, labelsOf(attributes.namespace));
  const { object, old, subresource, operation } = attributes;
  const own = subresource === '' && operation !== 'DELETE' ? object : old;
  return selects(selector, own === undefined ? labelsOf(attributes.name) : mapAt(metadataOf(own), 'labels'));
}

function matchesObject(selector: ObjectValue, { object, old }: AdmissionAttributes): boolean {
  if (isEmpty(selector)) return true;
  return [object, old].some((item) => item !== undefined && selects(selector, mapAt(metadataOf(item), 'labels')));
}

const has = (list: readonly string[], item: string): boolean => list.includes('*') || list.includes(item);

function matchesRule(rule: ObjectValue, attributes: AdmissionAttributes, isExact: boolean): boolean {
  const { operation, resource, subresource, namespace, name } = attributes;
  if (!has(textsAt(rule, 'operations'), operation)) return false;
  const names = textsAt(rule, 'resourceNames');
  if (names.length > 0 && !names.includes(name)) return false;
  const scope = textAt(rule, 'scope');
  const isNamespaced = namespace !== '' && !isNamespace(attributes);
  if ((scope === 'Namespaced' && !isNamespaced) || (scope === 'Cluster' && isNamespaced)) return false;
  const places = isExact ? [resource] : placesOf(resource);
  return places.some(
    ({ group, version, plural }) =>
      has(textsAt(rule, 'apiGroups'), group) &&
      (version === undefined || has(textsAt(rule, 'apiVersions'), version)) &&
      textsAt(rule, 'resources').some((given) => matchesResource(given, plural, subresource)),
  );
}

/** Where else the same objects are served; all versions of a custom resource are one. */
function placesOf({
  group,
  version,
  plural,
  storage,
  custom,
}: ResourceInfo): readonly { readonly group: string; readonly version: string | undefined; readonly plural: string }[] {
  const own = { group, version: custom ? undefined : version, plural };
  const shared = sharedPlaces.find((places) => places.some(([at]) => at === `${storage.group}/${storage.plural}`));
  if (shared === undefined) return [own];
  return shared.map(([at, of]) => ({ group: at.slice(0, at.indexOf('/')), version: of, plural }));
}

/** Resources that are served in several groups or versions. */
const sharedPlaces: readonly (readonly (readonly [string, string])[])[] = [
  [
    ['/events', 'v1'],
    ['events.k8s.io/events', 'v1'],
  ],
  [
    ['autoscaling/horizontalpodautoscalers', 'v1'],
    ['autoscaling/horizontalpodautoscalers', 'v2'],
  ],
];

function matchesResource(given: string, plural: string, subresource: string): boolean {
  const slash = given.indexOf('/');
  const resource = slash < 0 ? given : given.slice(0, slash);
  const part = slash < 0 ? '' : given.slice(slash + 1);
  return (resource === '*' || resource === plural) && (part === '*' || part === subresource);
}

/** The selector of something, if it has one that selects. */
export function selectorAt(
  owner: ObjectValue,
  field: string,
): ((labels: Readonly<Record<string, string>>) => boolean) | undefined {
  const selector = maybeObject(owner, field);
  return selector === undefined ? undefined : (labels) => selects(selector, labels);
}
