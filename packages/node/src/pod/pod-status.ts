import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '@reeve/api/core/v1';

import { podConditions } from './conditions.ts';
import { containerStatus } from './container-status.ts';
import { isInitialized, podPhase } from './phase.ts';
import type { ContainerRecord } from './record.ts';
import type { PodSituation } from './situation.ts';
import { formatTime } from './time.ts';

/** What a status says beyond the pod's situation. */
export interface StatusInput {
  readonly pod: Pod;
  readonly situation: PodSituation;
  readonly podIP: string | undefined;
  readonly hostIP: string;
  /** The conditions as last reported. */
  readonly previous: readonly PodCondition[];
}

/** The part of `status` that the agent owns. */
export function podStatus({ pod, situation, podIP, hostIP, previous }: StatusInput, now: number): PodStatus {
  const { records, failure, startTime } = situation;
  const phase = podPhase(situation);
  const { generation } = pod.metadata ?? {};
  const refused =
    failure !== undefined && records.every(({ phase: { is }, last }) => is === 'waiting' && last === undefined);
  const inits = refused ? [] : statuses(pod.spec?.initContainers, records, phase);
  return {
    phase,
    ...(failure === undefined ? {} : { reason: failure.reason, message: failure.message }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: podConditions({ pod, records, phase, networkReady: podIP !== undefined, previous }, now),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: formatTime(startTime),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
    // A pod that was refused has no containers to speak of.
    ...(refused ? {} : { containerStatuses: statuses(pod.spec?.containers, records, phase) }),
  };
}

function statuses(
  containers: readonly Container[] | undefined,
  records: readonly ContainerRecord[],
  phase: PodStatus['phase'],
): readonly ContainerStatus[] {
  const initialized = isInitialized(records);
  return (containers ?? []).flatMap((container) => {
    const record = records.find(({ name }) => name === container.name);
    if (record === undefined) return [];
    // A finished init container counts as ready, one that failed for good does not.
    const done = record.kind === 'init' && record.phase.is === 'ended' && record.phase.run.exitCode === 0;
    const over = phase === 'Failed' || phase === 'Succeeded';
    const ready = done || (record.ready && !over);
    return [containerStatus(container, { ...record, ready }, initialized)];
  });
}
