import { certificateRequestValidator } from './access/certificate-request.ts';
import { clusterRoleBindingValidator, roleBindingValidator } from './access/role-binding.ts';
import { clusterRoleValidator, roleValidator } from './access/role.ts';
import { limitRangeValidator, namespaceValidator, nodeValidator } from './core/cluster.ts';
import { configMapValidator, secretValidator, serviceAccountValidator } from './core/config.ts';
import { endpointsValidator } from './core/endpoints.ts';
import { coreEventValidator, eventValidator } from './core/event.ts';
import { resourceQuotaValidator } from './core/resource-quota.ts';
import { serviceValidator } from './core/service.ts';
import { podValidator } from './pod/pod.ts';
import type { Validator } from './validator.ts';
import { cronJobValidator } from './workloads/cron-job.ts';
import { jobValidator } from './workloads/job.ts';
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
  ConfigMap: configMapValidator,
  Endpoints: endpointsValidator,
  Event: coreEventValidator,
  LimitRange: limitRangeValidator,
  Namespace: namespaceValidator,
  Node: nodeValidator,
  Pod: podValidator,
  PodTemplate: podTemplateValidator,
  ReplicationController: replicationControllerValidator,
  ResourceQuota: resourceQuotaValidator,
  Secret: secretValidator,
  Service: serviceValidator,
  ServiceAccount: serviceAccountValidator,
  'apps/ControllerRevision': controllerRevisionValidator,
  'apps/DaemonSet': daemonSetValidator,
  'apps/Deployment': deploymentValidator,
  'apps/ReplicaSet': replicaSetValidator,
  'apps/StatefulSet': statefulSetValidator,
  'batch/CronJob': cronJobValidator,
  'batch/Job': jobValidator,
  'certificates.k8s.io/CertificateSigningRequest': certificateRequestValidator,
  'events.k8s.io/Event': eventValidator,
  'rbac.authorization.k8s.io/ClusterRole': clusterRoleValidator,
  'rbac.authorization.k8s.io/ClusterRoleBinding': clusterRoleBindingValidator,
  'rbac.authorization.k8s.io/Role': roleValidator,
  'rbac.authorization.k8s.io/RoleBinding': roleBindingValidator,
};

/** The checks of a kind. */
export function validatorOf(group: string, kind: string): Validator {
  return validators[group === '' ? kind : `${group}/${kind}`] ?? none;
}
