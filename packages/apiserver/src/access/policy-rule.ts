import { isObject, type Value } from '../value.ts';
import { isPath, qualifiedName, type Attributes, type PathAttributes, type ResourceAttributes } from './attributes.ts';

/** One rule of a role, with empty lists where the object has none. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export function strings(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Reads the `rules` of a role. */
export function parseRules(value: Value | undefined): readonly PolicyRule[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((rule) => ({
    verbs: strings(rule['verbs']),
    apiGroups: strings(rule['apiGroups']),
    resources: strings(rule['resources']),
    resourceNames: strings(rule['resourceNames']),
    nonResourceURLs: strings(rule['nonResourceURLs']),
  }));
}

/** Whether a rule alone allows the request. */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!hasOrStar(rule.verbs, attributes.verb)) return false;
  return isPath(attributes) ? allowsPath(rule, attributes) : allowsResource(rule, attributes);
}

function allowsPath(rule: PolicyRule, { path }: PathAttributes): boolean {
  return rule.nonResourceURLs.some((url) => urlCovers(url, path));
}

function allowsResource(rule: PolicyRule, attributes: ResourceAttributes): boolean {
  const { resource, subresource, name } = attributes;
  return (
    hasOrStar(rule.apiGroups, attributes.group) &&
    rule.resources.some(
      (item) =>
        item === '*' || item === qualifiedName(attributes) || (subresource !== '' && item === `*/${subresource}`),
    ) &&
    resource !== '' &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

function hasOrStar(list: readonly string[], item: string): boolean {
  return list.includes('*') || list.includes(item);
}

/** `*` at the end of a URL stands for any rest. */
export function urlCovers(url: string, path: string): boolean {
  return url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')));
}

/** A rule as escalation messages print it: Go's `%q` of its lists. */
export function describeRule(rule: PolicyRule): string {
  const parts: [string, readonly string[]][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ];
  const filled = parts.filter(([, list]) => list.length > 0);
  return `{${filled.map(([label, list]) => `${label}:${quoteList(list)}`).join(', ')}}`;
}

/** `["a" "b"]`, as Go prints a list of strings with `%q`. */
export function quoteList(list: readonly string[]): string {
  return `[${list.map((item) => JSON.stringify(item)).join(' ')}]`;
}
