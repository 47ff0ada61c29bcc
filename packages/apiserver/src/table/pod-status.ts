import { itemsOf, maybeObject, numberAt, objectAt, textAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { hasCondition } from './cells.ts';
import { since } from './duration.ts';

/** What `kubectl get pods` says of a pod in three cells. */
export interface PodSummary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

interface Tally {
  reason: string;
  ready: number;
  restarts: number;
  lastRestart: string;
}

/** Reads a pod's state out of its containers' as people see it. */
export function summarizePod(pod: ObjectValue, now: number): PodSummary {
  const spec = objectAt(pod, 'spec');
  const status = objectAt(pod, 'status');
  const sidecars = new Set(
    itemsOf(spec, 'initContainers')
      .filter(isSidecar)
      .map((item) => textAt(item, 'name')),
  );
  const starting = initState(spec, status, sidecars, firstReason(status));
  const tally = starting.isDone || hasCondition(pod, 'Initialized') ? runState(pod, starting) : starting.tally;
  const total = itemsOf(spec, 'containers').length + sidecars.size;
  const { restarts, lastRestart } = tally;
  return {
    ready: `${tally.ready}/${total}`,
    status: endState(pod, tally.reason),
    restarts: restarts > 0 && lastRestart !== '' ? `${restarts} (${since(lastRestart, now)} ago)` : String(restarts),
  };
}

const isSidecar = (container: ObjectValue): boolean => container['restartPolicy'] === 'Always';

function firstReason(status: ObjectValue): string {
  const isGated = itemsOf(status, 'conditions').some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  return isGated ? 'SchedulingGated' : textAt(status, 'reason') || textAt(status, 'phase');
}

interface Starting {
  readonly tally: Tally;
  /** Of sidecars alone: they go on running. */
  readonly sidecars: Tally;
  readonly isDone: boolean;
}

function initState(
  spec: ObjectValue,
  status: ObjectValue,
  sidecarNames: ReadonlySet<string>,
  reason: string,
): Starting {
  const tally: Tally = { reason, ready: 0, restarts: 0, lastRestart: '' };
  const sidecars: Tally = { reason, ready: 0, restarts: 0, lastRestart: '' };
  const total = itemsOf(spec, 'initContainers').length;
  for (const [index, container] of itemsOf(status, 'initContainerStatuses').entries()) {
    const isSidecarStatus = sidecarNames.has(textAt(container, 'name'));
    countRestarts(tally, container);
    if (isSidecarStatus) countRestarts(sidecars, container);
    const state = objectAt(container, 'state');
    if (isDone(state)) continue;
    if (isSidecarStatus && container['started'] === true) {
      if (container['ready'] === true) tally.ready += 1;
      continue;
    }
    tally.reason = initReason(state, index, total);
    return { tally, sidecars, isDone: false };
  }
  return { tally, sidecars, isDone: true };
}

function isDone(state: ObjectValue): boolean {
  const terminated = maybeObject(state, 'terminated');
  return terminated !== undefined && (numberAt(terminated, 'exitCode') ?? 0) === 0;
}

function initReason(state: ObjectValue, index: number, total: number): string {
  const terminated = maybeObject(state, 'terminated');
  if (terminated !== undefined) return `Init:${endReason(terminated)}`;
  const waiting = textAt(objectAt(state, 'waiting'), 'reason');
  return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
}

function endReason(terminated: ObjectValue): string {
  const signal = numberAt(terminated, 'signal') ?? 0;
  const fallback = signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`;
  return textAt(terminated, 'reason') || fallback;
}

function countRestarts(tally: Tally, container: ObjectValue): void {
  tally.restarts += numberAt(container, 'restartCount') ?? 0;
  const finished = textAt(objectAt(objectAt(container, 'lastState'), 'terminated'), 'finishedAt');
  if (finished > tally.lastRestart) tally.lastRestart = finished;
}

/** Containers are read from the last to the first, so that the first one's reason stays. */
function runState(pod: ObjectValue, { tally: starting, sidecars }: Starting): Tally {
  const tally: Tally = { ...sidecars, reason: starting.reason, ready: starting.ready };
  let isRunning = false;
  let failure = '';
  for (const container of itemsOf(objectAt(pod, 'status'), 'containerStatuses').toReversed()) {
    countRestarts(tally, container);
    const state = objectAt(container, 'state');
    const waiting = textAt(objectAt(state, 'waiting'), 'reason');
    const terminated = maybeObject(state, 'terminated');
    if (waiting !== '') tally.reason = waiting;
    else if (terminated !== undefined) {
      tally.reason = endReason(terminated);
      if ((numberAt(terminated, 'exitCode') ?? 0) !== 0) failure = tally.reason;
    } else if (container['ready'] === true && maybeObject(state, 'running') !== undefined) {
      isRunning = true;
      tally.ready += 1;
    }
  }
  if (tally.reason === 'Completed') tally.reason = completedReason(pod, isRunning, failure);
  return tally;
}

function completedReason(pod: ObjectValue, isRunning: boolean, failure: string): string {
  if (isRunning && hasCondition(pod, 'Ready')) return 'Running';
  if (failure !== '') return failure;
  return isRunning ? 'NotReady' : 'Completed';
}

function endState(pod: ObjectValue, reason: string): string {
  if (metadataOf(pod)['deletionTimestamp'] === undefined) return reason;
  const status = objectAt(pod, 'status');
  if (status['reason'] === 'NodeLost') return 'Unknown';
  return status['phase'] === 'Failed' || status['phase'] === 'Succeeded' ? reason : 'Terminating';
}
