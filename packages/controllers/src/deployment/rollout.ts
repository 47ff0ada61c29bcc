import type { IntOrString } from '@reeve/api';

/** A ReplicaSet as a rollout sees it. */
export interface Revision {
  readonly name: string;
  readonly replicas: number;
  readonly available: number;
  /** Creation time, milliseconds since the epoch. */
  readonly created: number;
  /** The largest number of pods when it was last scaled, from its annotation. */
  readonly maxReplicas: number | undefined;
}

export interface RolloutSpec {
  readonly replicas: number;
  readonly strategy: 'RollingUpdate' | 'Recreate';
  readonly maxSurge: IntOrString;
  readonly maxUnavailable: IntOrString;
  readonly paused: boolean;
}

/** The new number of pods of some ReplicaSets, by name. */
export type Scales = ReadonlyMap<string, number>;

/** `25%` of a total, rounded; a number as it is. */
function resolve(value: IntOrString, total: number, round: (n: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) * total) / 100);
}

/** How many pods more and fewer than wanted there may be: surge rounds up, unavailable down, never both zero. */
export function limitsOf({ replicas, strategy, maxSurge, maxUnavailable }: RolloutSpec): {
  readonly surge: number;
  readonly unavailable: number;
} {
  if (strategy === 'Recreate') return { surge: 0, unavailable: 0 };
  const surge = resolve(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(resolve(maxUnavailable, replicas, Math.floor), replicas);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

const sum = (revisions: readonly Revision[], of: (revision: Revision) => number): number =>
  revisions.map(of).reduce((a, b) => a + b, 0);

/**
 * One step of a rolling update: the new ReplicaSet grows as far as the surge allows; else the old ones shrink, broken
 * pods first, as far as enough pods stay available.
 */
export function rollingStep(spec: RolloutSpec, current: Revision, old: readonly Revision[]): Scales {
  const { surge, unavailable } = limitsOf(spec);
  const total = current.replicas + sum(old, ({ replicas }) => replicas);
  if (current.replicas > spec.replicas) return new Map([[current.name, spec.replicas]]);
  if (current.replicas < spec.replicas) {
    const room = spec.replicas + surge - total;
    if (room > 0) return new Map([[current.name, current.replicas + Math.min(room, spec.replicas - current.replicas)]]);
  }
  return shrinkOld(current, old, spec.replicas - unavailable);
}

function shrinkOld(current: Revision, old: readonly Revision[], minAvailable: number): Scales {
  const total = current.replicas + sum(old, ({ replicas }) => replicas);
  const newUnavailable = current.replicas - current.available;
  const scales = new Map<string, number>();
  const sizeOf = ({ name, replicas }: Revision): number => scales.get(name) ?? replicas;
  const byAge = old.toSorted((a, b) => a.created - b.created);
  let removable = total - minAvailable - newUnavailable;
  if (removable <= 0) return scales;
  for (const revision of byAge) {
    const broken = Math.min(removable, revision.replicas - revision.available);
    if (broken <= 0) continue;
    scales.set(revision.name, revision.replicas - broken);
    removable -= broken;
  }
  const available = current.available + sum(old, (revision) => revision.available);
  let surplus = available - minAvailable;
  for (const revision of byAge) {
    const count = Math.min(surplus, sizeOf(revision));
    if (count <= 0) continue;
    scales.set(revision.name, sizeOf(revision) - count);
    surplus -= count;
  }
  return scales;
}

/** Recreate: all old pods go; the new ReplicaSet grows once they are gone. */
export function recreateStep(
  spec: RolloutSpec,
  current: Revision,
  old: readonly Revision[],
  oldPodsLeft: boolean,
): Scales {
  const running = old.filter(({ replicas }) => replicas > 0);
  if (running.length > 0) return new Map(running.map(({ name }) => [name, 0]));
  if (oldPodsLeft || current.replicas === spec.replicas) return new Map();
  return new Map([[current.name, spec.replicas]]);
}

/**
 * Spreads a changed number of replicas over the ReplicaSets of an unfinished rollout in proportion to their sizes;
 * undefined when the sizes are not due to change.
 */
export function proportionalStep(spec: RolloutSpec, revisions: readonly Revision[]): Scales | undefined {
  const active = revisions.filter(({ replicas }) => replicas > 0);
  const { surge } = limitsOf(spec);
  const allowed = spec.replicas > 0 ? spec.replicas + surge : 0;
  const isChanged = active.some(({ maxReplicas }) => maxReplicas !== undefined && maxReplicas !== allowed);
  if (active.length === 0 || !isChanged) return undefined;
  const total = sum(active, ({ replicas }) => replicas);
  const toAdd = allowed - total;
  const ordered = active.toSorted(
    (a, b) => b.replicas - a.replicas || (toAdd > 0 ? b.created - a.created : a.created - b.created),
  );
  const scales = new Map<string, number>();
  let left = toAdd;
  for (const { name, replicas } of ordered) {
    const share = Math.round((replicas * allowed) / total) - replicas;
    const bounded = toAdd > 0 ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left);
    scales.set(name, replicas + bounded);
    left -= bounded;
  }
  const [largest] = ordered;
  if (largest && left !== 0) scales.set(largest.name, Math.max(0, (scales.get(largest.name) ?? 0) + left));
  return scales;
}
