import { describeRule, urlCovers, type PolicyRule } from './policy-rule.ts';

const empty: PolicyRule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };

/** Splits a rule into rules of one verb, group, resource and name (or URL) each. */
function* breakDown(rule: PolicyRule): Generator<PolicyRule> {
  for (const group of rule.apiGroups) {
    for (const resource of rule.resources) {
      for (const verb of rule.verbs) {
        const single = { ...empty, apiGroups: [group], resources: [resource], verbs: [verb] };
        if (rule.resourceNames.length === 0) yield single;
        for (const name of rule.resourceNames) yield { ...single, resourceNames: [name] };
      }
    }
  }
  for (const url of rule.nonResourceURLs) {
    for (const verb of rule.verbs) yield { ...empty, nonResourceURLs: [url], verbs: [verb] };
  }
}

function hasAll(owned: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((item) => owned.includes(item));
}

function coversResource(owned: readonly string[], wanted: string): boolean {
  const slash = wanted.indexOf('/');
  return (
    owned.includes('*') || owned.includes(wanted) || (slash >= 0 && owned.includes(`*/${wanted.slice(slash + 1)}`))
  );
}

/** Only a wildcard covers a wildcard; a rule limited to names covers those names only. */
function covers(owned: PolicyRule, wanted: PolicyRule): boolean {
  return (
    (owned.verbs.includes('*') || hasAll(owned.verbs, wanted.verbs)) &&
    (owned.apiGroups.includes('*') || hasAll(owned.apiGroups, wanted.apiGroups)) &&
    wanted.resources.every((resource) => coversResource(owned.resources, resource)) &&
    wanted.nonResourceURLs.every((path) => owned.nonResourceURLs.some((url) => urlCovers(url, path))) &&
    (owned.resourceNames.length === 0 ||
      (wanted.resourceNames.length > 0 && hasAll(owned.resourceNames, wanted.resourceNames)))
  );
}

/** The parts of `wanted` that no rule of `owned` covers, one verb each. */
export function uncoveredRules(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap((rule) => [...breakDown(rule)]).filter((part) => !owned.some((rule) => covers(rule, part)));
}

/** Uncovered parts as text: verbs of the same resource joined, sorted, each once. */
export function describeUncovered(parts: readonly PolicyRule[]): readonly string[] {
  const joined = new Map<string, PolicyRule>();
  for (const part of parts) {
    const key =
      part.nonResourceURLs.length > 0
        ? describeRule(part)
        : JSON.stringify([part.apiGroups, part.resources, part.resourceNames]);
    const known = joined.get(key);
    joined.set(
      key,
      known === undefined || part.nonResourceURLs.length > 0
        ? part
        : { ...known, verbs: [...known.verbs, ...part.verbs] },
    );
  }
  return [...new Set([...joined.values()].map(describeRule))].sort();
}
