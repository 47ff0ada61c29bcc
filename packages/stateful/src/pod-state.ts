import type { ContainerStatus, Node, Pod } from '@reeve/api/core/v1';

/** What a member's pod is doing, as far as its objects tell. */
export type PodState =
  | { readonly state: 'absent' }
  | (PodFacts & { readonly state: 'pending' | 'running' | 'terminating' | 'finished' });

export interface PodFacts {
  readonly uid: string;
  readonly ip?: string;
  /** The Ready condition of the pod. */
  readonly ready: boolean;
  /** What keeps it from starting, in the words of the scheduler or the node. */
  readonly problem?: PodProblem;
  readonly node: NodeState;
  readonly restarts: number;
  /** The end of the last run's log, where the node recorded it. */
  readonly lastWords?: string;
}

export interface PodProblem {
  readonly reason: string;
  readonly message: string;
}

/** `unknown` is a node that no longer reports; `gone` one whose object was deleted; `none` a pod without a node. */
export type NodeState = 'ready' | 'unknown' | 'gone' | 'none';

const imageReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
const waitingReasons = new Set([
  ...imageReasons,
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Whether a problem says that the image can't be had. */
export function isImageProblem(problem: PodProblem | undefined): boolean {
  return problem !== undefined && imageReasons.has(problem.reason);
}

/** Reads a pod's state from its object and its node's. `container` names the one that runs the member. */
export function podState(
  pod: Pod | undefined,
  nodeOf: (name: string) => Node | undefined,
  container: string,
): PodState {
  const uid = pod?.metadata?.uid;
  if (pod === undefined || uid === undefined) return { state: 'absent' };
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container);
  const problem = problemOf(pod, status);
  const lastWords = status?.lastState?.terminated?.message ?? status?.state?.terminated?.message;
  return {
    state: phaseOf(pod),
    uid,
    ready: pod.status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
    node: nodeState(pod.spec?.nodeName, nodeOf),
    restarts: status?.restartCount ?? 0,
    ...(pod.status?.podIP ? { ip: pod.status.podIP } : {}),
    ...(problem ? { problem } : {}),
    ...(lastWords ? { lastWords } : {}),
  };
}

function phaseOf(pod: Pod): 'pending' | 'running' | 'terminating' | 'finished' {
  if (pod.metadata?.deletionTimestamp !== undefined) return 'terminating';
  switch (pod.status?.phase) {
    case 'Failed':
    case 'Succeeded':
      return 'finished';
    case 'Running':
    case 'Unknown':
      return 'running';
    default:
      return 'pending';
  }
}

function problemOf(pod: Pod, status: ContainerStatus | undefined): PodProblem | undefined {
  const unscheduled = pod.status?.conditions?.find(
    ({ type, status: value, reason }) => type === 'PodScheduled' && value === 'False' && reason === 'Unschedulable',
  );
  if (unscheduled) return { reason: 'Unschedulable', message: unscheduled.message ?? 'no node takes the pod' };
  const waiting = status?.state?.waiting;
  if (waiting?.reason === undefined || !waitingReasons.has(waiting.reason)) return undefined;
  return { reason: waiting.reason, message: waiting.message ?? waiting.reason };
}

function nodeState(name: string | undefined, nodeOf: (name: string) => Node | undefined): NodeState {
  if (name === undefined || name === '') return 'none';
  const node = nodeOf(name);
  if (node === undefined) return 'gone';
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  // A node that has not reported yet is new, not lost.
  return ready === undefined || ready.status === 'True' ? 'ready' : 'unknown';
}
