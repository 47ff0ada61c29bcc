import type { Pod, PodCondition, PodSpec } from '@reeve/api/core/v1';

import type { PodPhase } from './phase.ts';
import { hasInitialized } from './phase.ts';
import type { ContainerRecord } from './record.ts';
import { formatTime } from './time.ts';

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;

const yes: Verdict = { status: 'True' };

/** What the conditions depend on. */
export interface ConditionInput {
  readonly pod: Pod;
  readonly records: readonly ContainerRecord[];
  readonly phase: PodPhase;
  readonly networkReady: boolean;
  /** As last reported: a condition that does not flip keeps its time. */
  readonly previous: readonly PodCondition[];
}

/** The conditions that the agent owns; those of others (readiness gates, DisruptionTarget) stay with them. */
export function podConditions(
  { pod, records, phase, networkReady, previous }: ConditionInput,
  now: number,
): readonly PodCondition[] {
  const spec = pod.spec ?? { containers: [] };
  const containersReady = containersReadyVerdict(records, phase);
  const verdicts: readonly (readonly [string, Verdict])[] = [
    ['PodReadyToStartContainers', { status: networkReady ? 'True' : 'False' }],
    ['Initialized', initializedVerdict(records, phase)],
    ['Ready', readyVerdict(spec, pod, containersReady)],
    ['ContainersReady', containersReady],
    ['PodScheduled', yes],
  ];
  return verdicts.map(([type, verdict]) => withTime(type, verdict, { pod, previous, now }));
}

function initializedVerdict(records: readonly ContainerRecord[], phase: PodPhase): Verdict {
  const waiting = records.filter((record) => record.kind !== 'main' && !hasInitialized(record)).map(({ name }) => name);
  if (phase === 'Succeeded') return { ...yes, reason: 'PodCompleted' };
  if (waiting.length === 0) return yes;
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${waiting.join(' ')}]`,
  };
}

function containersReadyVerdict(records: readonly ContainerRecord[], phase: PodPhase): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = records.filter(({ kind, ready }) => kind !== 'init' && !ready).map(({ name }) => name);
  if (unready.length === 0) return yes;
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

function readyVerdict(spec: PodSpec, pod: Pod, containersReady: Verdict): Verdict {
  if (containersReady.status !== 'True') return containersReady;
  const problems = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = pod.status?.conditions?.find(({ type }) => type === conditionType);
    if (gate === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return gate.status === 'True'
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  return problems.length === 0
    ? yes
    : { status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

function withTime(
  type: string,
  verdict: Verdict,
  { pod, previous, now }: Pick<ConditionInput, 'pod' | 'previous'> & { readonly now: number },
): PodCondition {
  const before = previous.find((condition) => condition.type === type);
  const kept = before?.status === verdict.status ? before.lastTransitionTime : undefined;
  const { generation } = pod.metadata ?? {};
  return {
    type,
    ...verdict,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime: kept ?? formatTime(now),
  };
}
