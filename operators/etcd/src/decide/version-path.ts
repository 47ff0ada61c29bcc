import { gte, major, minor, parse, rcompare } from 'semver';

/** Why a version cannot be reached from the running one, and what to do instead. */
export interface Refusal {
  readonly why: string;
  readonly next: string;
}

// Zombie members and lost learner promotions were mended here; 3.6 takes over what 3.5 left in its store.
const safeFor36 = '3.5.26';

/** Whether members may be taken from one version to another, one by one. Undefined when they may. */
export function refuseVersion(from: string, to: string): Refusal | undefined {
  const [old, wanted] = [parse(from), parse(to)];
  if (old === null || wanted === null || old.compare(wanted) === 0) return undefined;
  if (major(wanted) !== major(old)) return refusal(from, to, 'a change of the major version is not supported', from);
  const minors = minor(wanted) - minor(old);
  if (minors < 0) return refusal(from, to, 'etcd can not go back to an earlier minor version in place', from);
  if (minors > 1)
    return refusal(from, to, 'etcd is upgraded one minor version at a time', `a v${nextMinor(old)} version`);
  if (minors === 1 && minor(wanted) === 6 && !gte(old, safeFor36)) {
    return refusal(from, to, `3.6 may only follow v${safeFor36} or later`, `v${safeFor36} or a later 3.5`);
  }
  return undefined;
}

/** The lowest of some versions: what an upgrade starts from while members differ. */
export function lowestVersion(versions: readonly string[]): string | undefined {
  return versions
    .filter((version) => parse(version) !== null)
    .toSorted(rcompare)
    .at(-1);
}

function nextMinor(version: { readonly major: number; readonly minor: number }): string {
  return `${version.major}.${version.minor + 1}`;
}

function refusal(from: string, to: string, why: string, instead: string): Refusal {
  return { why: `The version can not change from ${from} to ${to}: ${why}`, next: `Set spec.version to ${instead}.` };
}
