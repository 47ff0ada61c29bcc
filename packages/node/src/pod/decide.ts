import { restartTime } from './backoff.ts';
import { hasFailedInit, hasInitialized, podPhase } from './phase.ts';
import { isAlive } from './record.ts';
import type { ContainerRecord } from './record.ts';
import type { PodFailure, PodSituation } from './situation.ts';

/** What the agent does next for a pod. */
export type PodAction =
  /** Makes the network and the volumes. */
  | { readonly do: 'setUp' }
  | { readonly do: 'start'; readonly container: string }
  /** Shows a crashed container as waiting until it may start again. */
  | { readonly do: 'backOff'; readonly container: string; readonly until: number }
  /** Asks a container to end and kills it at `killAt`. */
  | { readonly do: 'stop'; readonly container: string; readonly killAt: number }
  | { readonly do: 'fail'; readonly failure: PodFailure }
  /** Everything has ended: frees the network and the volumes. */
  | { readonly do: 'tearDown' }
  /** Tells the API server that nothing of the deleted pod is left. */
  | { readonly do: 'remove' };

export interface PodDecision {
  readonly actions: readonly PodAction[];
  /** Decide again at this time even if nothing happens. */
  readonly wakeAt: number | undefined;
}

const nothing: PodDecision = { actions: [], wakeAt: undefined };

const deadlineExceeded: PodFailure = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

/** The next steps for a pod: a pure function of what is known about it. */
export function decide(situation: PodSituation, now: number): PodDecision {
  const { spec, records, setup, deletionTime, failure, startTime } = situation;
  if (deletionTime !== undefined)
    return wind(situation, deletionTime, now, setup.is === 'gone' ? [{ do: 'remove' }] : []);
  const grace = (spec.terminationGracePeriodSeconds ?? 30) * 1000;
  if (failure !== undefined) return wind(situation, now + grace, now, []);
  const deadline = spec.activeDeadlineSeconds === undefined ? undefined : startTime + spec.activeDeadlineSeconds * 1000;
  const phase = podPhase(situation);
  if (phase === 'Succeeded' || phase === 'Failed') return wind(situation, now + grace, now, []);
  if (deadline !== undefined && deadline <= now)
    return { actions: [{ do: 'fail', failure: deadlineExceeded }], wakeAt: undefined };
  return earlier(setup.is === 'ready' ? startNext(spec, records, now) : setUp(setup, now), deadline);
}

function setUp(setup: PodSituation['setup'], now: number): PodDecision {
  if (setup.is !== 'none') return nothing;
  if (setup.notBefore !== undefined && setup.notBefore > now) return { actions: [], wakeAt: setup.notBefore };
  return { actions: [{ do: 'setUp' }], wakeAt: undefined };
}

function startNext(spec: PodSituation['spec'], records: readonly ContainerRecord[], now: number): PodDecision {
  const policy = spec.restartPolicy ?? 'Always';
  let decision = nothing;
  let blocked = false;
  const mainHasRun = records.some((record) => record.kind === 'main' && hasBegun(record));
  for (const record of records) {
    if (record.kind === 'init' && mainHasRun) continue;
    if (blocked && !(record.kind === 'sidecar' && mainHasRun)) continue;
    decision = join(decision, startOne(record, record.kind === 'sidecar' ? 'Always' : policy, now));
    if (record.kind !== 'main' && !hasInitialized(record)) blocked = !mainHasRun;
  }
  return hasFailedInit(spec, records) ? nothing : decision;
}

// Since the node came up: after a power cut, the init containers run again before the main ones.
function hasBegun({ phase }: ContainerRecord): boolean {
  return phase.is !== 'waiting' || phase.notBefore !== undefined;
}

function startOne(record: ContainerRecord, policy: string, now: number): PodDecision {
  const { phase, name, kind } = record;
  if (phase.is === 'running' || phase.is === 'starting') return nothing;
  if (phase.is === 'waiting') {
    const { notBefore = now } = phase;
    return notBefore > now ? { actions: [], wakeAt: notBefore } : start(name);
  }
  const { run } = phase;
  const done = run.exitCode === 0 && (policy === 'OnFailure' || kind === 'init');
  if (done || policy === 'Never') return nothing;
  const until = restartTime(record.crashBackoff, run);
  return until <= now ? start(name) : { actions: [{ do: 'backOff', container: name, until }], wakeAt: until };
}

function start(container: string): PodDecision {
  return { actions: [{ do: 'start', container }], wakeAt: undefined };
}

// Main and init containers end first and together, then the sidecars in reverse order (KEP-753).
function wind(situation: PodSituation, killAt: number, now: number, atEnd: readonly PodAction[]): PodDecision {
  const { records, setup } = situation;
  const alive = records.filter(isAlive);
  const first = alive.filter(({ kind }) => kind !== 'sidecar');
  const next = first.length > 0 ? first : alive.slice(-1);
  const actions = next.flatMap((record) => stop(record, Math.max(killAt, now)));
  if (alive.length > 0) return { actions, wakeAt: undefined };
  if (setup.is === 'busy') return nothing;
  return { actions: setup.is === 'gone' ? atEnd : [{ do: 'tearDown' }], wakeAt: undefined };
}

// A starting container is told to end once it runs. A second, more urgent delete shortens the time.
function stop({ phase, name }: ContainerRecord, killAt: number): readonly PodAction[] {
  if (phase.is !== 'running') return [];
  return phase.killAt === undefined || killAt < phase.killAt - 500 ? [{ do: 'stop', container: name, killAt }] : [];
}

function join(one: PodDecision, other: PodDecision): PodDecision {
  return earlier({ actions: [...one.actions, ...other.actions], wakeAt: one.wakeAt }, other.wakeAt);
}

function earlier(decision: PodDecision, at: number | undefined): PodDecision {
  if (at === undefined) return decision;
  return { ...decision, wakeAt: Math.min(decision.wakeAt ?? at, at) };
}
