import type { ContainerStatus, Pod } from '@reeve/api/core/v1';

import { containersOf, lostReason, newRecord } from './record.ts';
import type { ContainerKind, ContainerRecord, FinishedRun } from './record.ts';

interface RestoreRule {
  readonly policy: string;
  /** The pod has succeeded or failed. */
  readonly over: boolean;
}

/**
 * The records of a pod that this agent meets: new, or known from before a restart of the node, when everything that
 * ran is gone. What had run starts again in place, counted as a restart; unless the pod never restarts or is over.
 */
export function restoreRecords(pod: Pod, now: number): readonly ContainerRecord[] {
  const known = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const rule: RestoreRule = {
    policy: pod.spec?.restartPolicy ?? 'Always',
    over: pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed',
  };
  return containersOf(pod.spec ?? { containers: [] }).map(({ container, kind }) => {
    const status = known.find(({ name }) => name === container.name);
    return status === undefined
      ? newRecord(container.name, kind)
      : restored(newRecord(container.name, kind), status, rule, now);
  });
}

function restored(fresh: ContainerRecord, status: ContainerStatus, rule: RestoreRule, now: number): ContainerRecord {
  const { state, lastState, restartCount, containerID = '' } = status;
  const before = state?.terminated ?? lastState?.terminated;
  const lost: FinishedRun | undefined =
    state?.running === undefined
      ? undefined
      : {
          id: containerID.split('://')[1] ?? '',
          exitCode: 255,
          reason: lostReason,
          startedAt: timeOf(state.running.startedAt),
          finishedAt: now,
        };
  const earlier: FinishedRun | undefined =
    before === undefined
      ? undefined
      : {
          id: (before.containerID ?? '').split('://')[1] ?? '',
          exitCode: before.exitCode,
          reason: before.reason ?? 'Error',
          startedAt: timeOf(before.startedAt),
          finishedAt: timeOf(before.finishedAt) ?? now,
          ...(before.signal === undefined ? {} : { signal: before.signal }),
          ...(before.message === undefined ? {} : { message: before.message }),
        };
  const record = { ...fresh, restarts: restartCount, imageID: status.imageID };
  const run = lost ?? earlier;
  if (run === undefined) return record;
  return staysEnded(fresh.kind, lost !== undefined, state?.terminated !== undefined, rule)
    ? { ...record, phase: { is: 'ended', run } }
    : { ...record, last: run };
}

// A container that has ended may run again only where the restart policy lets it; init containers do, before the main
// ones, in a pod that always restarts.
function staysEnded(kind: ContainerKind, isLost: boolean, hadEnded: boolean, { policy, over }: RestoreRule): boolean {
  if (isLost) return kind === 'main' && policy !== 'Always';
  return hadEnded && (kind === 'main' || over || policy !== 'Always');
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
