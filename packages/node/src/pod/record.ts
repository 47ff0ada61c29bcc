import type { Container, PodSpec } from '@reeve/api/core/v1';

/** `sidecar`: an init container with restartPolicy Always (KEP-753), which goes on beside the main ones. */
export type ContainerKind = 'init' | 'sidecar' | 'main';

/** The reason of a run that ended with its node: nobody saw how. */
export const lostReason = 'Unknown';

/** A finished run of a container. Times are milliseconds since the epoch. */
export interface FinishedRun {
  readonly id: string;
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number;
}

/** What a container is doing. */
export type ContainerPhase =
  /** Not running; `notBefore` while it backs off. */
  | { readonly is: 'waiting'; readonly reason: string; readonly message?: string; readonly notBefore?: number }
  /** Its image is fetched or its program is being started. */
  | { readonly is: 'starting' }
  /** `killAt` once it has been told to end: then it is killed. */
  | { readonly is: 'running'; readonly id: string; readonly startedAt: number; readonly killAt?: number }
  | { readonly is: 'ended'; readonly run: FinishedRun };

/** Delays between attempts: 10 s doubling to 300 s. */
export interface Backoff {
  readonly delayMs: number;
  readonly updatedAt: number;
}

/** Everything that the agent remembers of one container of a pod. */
export interface ContainerRecord {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly phase: ContainerPhase;
  /** The run before the current one. */
  readonly last: FinishedRun | undefined;
  readonly restarts: number;
  /** Its startup probe has passed, or it has none and runs. */
  readonly started: boolean;
  readonly ready: boolean;
  readonly imageID: string;
  readonly crashBackoff: Backoff | undefined;
  readonly pullBackoff: Backoff | undefined;
}

/** The containers of a pod in the order in which they start, with their kinds. */
export function containersOf(
  spec: PodSpec,
): readonly { readonly container: Container; readonly kind: ContainerKind }[] {
  return [
    ...(spec.initContainers ?? []).map((container) => ({ container, kind: initKind(container) })),
    ...spec.containers.map((container) => ({ container, kind: 'main' as const })),
  ];
}

function initKind(container: Container): ContainerKind {
  return container.restartPolicy === 'Always' ? 'sidecar' : 'init';
}

/** A container that has not been started yet. */
export function newRecord(name: string, kind: ContainerKind): ContainerRecord {
  return {
    name,
    kind,
    phase: { is: 'waiting', reason: 'ContainerCreating' },
    last: undefined,
    restarts: 0,
    started: false,
    ready: false,
    imageID: '',
    crashBackoff: undefined,
    pullBackoff: undefined,
  };
}

/** It runs or is about to. */
export function isAlive({ phase }: ContainerRecord): boolean {
  return phase.is === 'running' || phase.is === 'starting';
}

/** The run that ended last and has not been followed by another one. */
export function endedRun({ phase, last }: ContainerRecord): FinishedRun | undefined {
  return phase.is === 'ended' ? phase.run : phase.is === 'waiting' ? last : undefined;
}
