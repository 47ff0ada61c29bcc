import { publishedResources } from '../registry/published-resources.ts';
import type { ResourceRegistry } from '../registry/resource-registry.ts';

/** A group and its served versions, preferred first. */
export interface ServedGroup {
  readonly name: string;
  readonly versions: readonly string[];
}

/** The groups in discovery order: built-in ones as Kubernetes has them, then custom ones by name. */
export function servedGroups(registry: ResourceRegistry): readonly ServedGroup[] {
  const versions = new Map<string, Set<string>>();
  for (const { group, version } of registry.all()) {
    const known = versions.get(group) ?? new Set();
    versions.set(group, known.add(version));
  }
  const published = publishedResources().groups;
  const builtin = published.filter(({ name }) => versions.has(name));
  const custom = [...versions.keys()].filter((name) => !published.some((group) => group.name === name)).sort();
  return [
    ...builtin.map(({ name, versions: order }) => ordered(name, versions.get(name) ?? [], order)),
    ...custom.map((name) => ordered(name, versions.get(name) ?? [], [])),
  ];
}

function ordered(name: string, served: Iterable<string>, order: readonly string[]): ServedGroup {
  const rank = (version: string): number => (order.includes(version) ? order.indexOf(version) : order.length);
  return { name, versions: [...served].sort((a, b) => rank(a) - rank(b) || compareVersions(a, b)) };
}

interface KubeVersion {
  readonly major: number;
  /** 3 for v1, 2 for v1beta1, 1 for v1alpha1. */
  readonly stability: number;
  readonly minor: number;
}

function parseVersion(version: string): KubeVersion | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (match === null) return undefined;
  const stability = match[2] === undefined ? 3 : match[2] === 'beta' ? 2 : 1;
  return { major: Number(match[1]), stability, minor: Number(match[3] ?? 0) };
}

/** Kubernetes' order of version names: stable before beta before alpha, newer first, all others by name after them. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined) {
    if (left === undefined && right === undefined) return a < b ? -1 : a > b ? 1 : 0;
    return left === undefined ? 1 : -1;
  }
  return right.stability - left.stability || right.major - left.major || right.minor - left.minor;
}
