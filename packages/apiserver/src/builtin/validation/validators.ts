import { podValidator } from './pod/pod.ts';
import type { Validator } from './validator.ts';
import {
  controllerRevisionValidator,
  daemonSetValidator,
  deploymentValidator,
  podTemplateValidator,
  replicaSetValidator,
  replicationControllerValidator,
} from './workloads/replicated.ts';
import { statefulSetValidator } from './workloads/stateful-set.ts';

const none: Validator = { create: () => [], update: () => [] };

const validators: Readonly<Record<string, Validator>> = {
  Pod: podValidator,
  PodTemplate: podTemplateValidator,
  ReplicationController: replicationControllerValidator,
  'apps/ControllerRevision': controllerRevisionValidator,
  'apps/DaemonSet': daemonSetValidator,
  'apps/Deployment': deploymentValidator,
  'apps/ReplicaSet': replicaSetValidator,
  'apps/StatefulSet': statefulSetValidator,
};

/** The checks of a kind. */
export function validatorOf(group: string, kind: string): Validator {
  return validators[group === '' ? kind : `${group}/${kind}`] ?? none;
}
