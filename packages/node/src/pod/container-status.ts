import type { Container, ContainerState, ContainerStatus } from '@reeve/api/core/v1';

import type { ContainerRecord, FinishedRun } from './record.ts';
import { formatTime } from './time.ts';

/** The scheme of `containerID`: containers are processes of the node agent. */
const containerScheme = 'process';

/** `status.containerStatuses[]` for a container. `initialized`: the init containers have all done their part. */
export function containerStatus(container: Container, record: ContainerRecord, initialized: boolean): ContainerStatus {
  const id = currentID(record);
  return {
    name: record.name,
    image: container.image ?? '',
    imageID: record.imageID,
    ready: record.ready,
    started: record.phase.is === 'running' && record.started,
    restartCount: record.restarts,
    state: currentState(record, initialized),
    ...(record.last === undefined ? { lastState: {} } : { lastState: { terminated: terminated(record.last) } }),
    ...(id === undefined ? {} : { containerID: `${containerScheme}://${id}` }),
  };
}

function currentID({ phase, last }: ContainerRecord): string | undefined {
  if (phase.is === 'running') return phase.id;
  return phase.is === 'ended' ? phase.run.id : last?.id;
}

function currentState({ phase, kind }: ContainerRecord, initialized: boolean): ContainerState {
  const creating = kind === 'main' && !initialized ? 'PodInitializing' : 'ContainerCreating';
  switch (phase.is) {
    case 'running':
      return { running: { startedAt: formatTime(phase.startedAt) } };
    case 'ended':
      return { terminated: terminated(phase.run) };
    case 'starting':
      return { waiting: { reason: creating } };
    case 'waiting': {
      const reason = phase.reason === 'ContainerCreating' ? creating : phase.reason;
      return { waiting: { reason, ...(phase.message === undefined ? {} : { message: phase.message }) } };
    }
  }
}

function terminated(run: FinishedRun): NonNullable<ContainerState['terminated']> {
  return {
    exitCode: run.exitCode,
    reason: run.reason,
    finishedAt: formatTime(run.finishedAt),
    ...(run.startedAt === undefined ? {} : { startedAt: formatTime(run.startedAt) }),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
    ...(run.message === undefined ? {} : { message: run.message }),
    ...(run.id === '' ? {} : { containerID: `${containerScheme}://${run.id}` }),
  };
}
