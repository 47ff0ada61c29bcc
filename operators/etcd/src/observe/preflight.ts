import { isImageProblem, podState } from '@reeve/stateful';
import type { Preflight } from '../decide/view.ts';
import { containerName, labelKeys } from '../names.ts';
import type { Facts } from './facts.ts';

/** What the trial pod has shown so far. */
export function preflightOf({ trial, nodeOf }: Facts): Preflight {
  const pod = podState(trial, nodeOf, containerName);
  if (trial === undefined || pod.state === 'absent' || pod.state === 'terminating') return { state: 'none' };
  const seen = { uid: pod.uid, fingerprint: trial.metadata?.annotations?.[labelKeys.fingerprint] ?? '' };
  if (pod.state === 'finished') {
    const message = pod.lastWords ?? trial.status?.message ?? 'etcd --version failed';
    return trial.status?.phase === 'Succeeded'
      ? { ...seen, state: 'passed' }
      : { ...seen, state: 'failed', obstacle: 'CannotStart', message };
  }
  if (pod.problem === undefined) return { ...seen, state: 'running' };
  const obstacle = isImageProblem(pod.problem)
    ? 'ImageUnavailable'
    : pod.problem.reason === 'Unschedulable'
      ? 'NoRoom'
      : 'CannotStart';
  return { ...seen, state: 'failed', obstacle, message: pod.problem.message };
}
