import type { PodSpec } from '@reeve/api/core/v1';

import { endedRun } from './record.ts';
import type { ContainerRecord } from './record.ts';
import type { PodSituation } from './situation.ts';

/** `status.phase`, without Unknown, which no agent reports of itself. */
export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** All init containers have done their part: ended well, or, as sidecars, started. */
export function isInitialized(records: readonly ContainerRecord[]): boolean {
  return records.every((record) => record.kind === 'main' || hasInitialized(record));
}

/** This init container lets the next one start. */
export function hasInitialized(record: ContainerRecord): boolean {
  if (record.kind === 'sidecar') return record.started || record.last !== undefined || record.phase.is === 'ended';
  return record.phase.is === 'ended' && record.phase.run.exitCode === 0;
}

/** An init container has failed and the restart policy forbids another try. */
export function hasFailedInit(spec: PodSpec, records: readonly ContainerRecord[]): boolean {
  return (
    spec.restartPolicy === 'Never' &&
    records.some(({ kind, phase }) => kind === 'init' && phase.is === 'ended' && phase.run.exitCode !== 0)
  );
}

/** The pod's phase, by the rules of the pod life cycle (Kubernetes documentation, "Pod lifecycle"). */
export function podPhase(situation: Pick<PodSituation, 'spec' | 'records' | 'failure'>): PodPhase {
  const { spec, records, failure } = situation;
  if (failure !== undefined || hasFailedInit(spec, records)) return 'Failed';
  const mains = records.filter(({ kind }) => kind === 'main');
  const neverRan = mains.some(
    (record) => record.phase.is !== 'running' && endedRun(record) === undefined && !hasRun(record),
  );
  if (neverRan || (!isInitialized(records) && !mains.some(hasRun))) return 'Pending';
  if (mains.some(({ phase }) => phase.is === 'running' || phase.is === 'starting')) return 'Running';
  const runs = mains.map(endedRun);
  const policy = spec.restartPolicy ?? 'Always';
  if (policy === 'Always') return 'Running';
  if (runs.every((run) => run?.exitCode === 0)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

function hasRun({ phase, last }: ContainerRecord): boolean {
  return last !== undefined || phase.is === 'running' || phase.is === 'ended';
}
