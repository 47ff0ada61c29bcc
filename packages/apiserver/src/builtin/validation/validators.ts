import { certificateRequestValidator } from './access/certificate-request.ts';
import { clusterRoleBindingValidator, roleBindingValidator } from './access/role-binding.ts';
import { clusterRoleValidator, roleValidator } from './access/role.ts';
import { limitRangeValidator, namespaceValidator, nodeValidator } from './core/cluster.ts';
import { configMapValidator, secretValidator, serviceAccountValidator } from './core/config.ts';
import { endpointsValidator } from './core/endpoints.ts';
import { coreEventValidator, eventValidator } from './core/event.ts';
import { resourceQuotaValidator } from './core/resource-quota.ts';
import { serviceValidator } from './core/service.ts';
import { endpointSliceValidator, addressValidator } from './network/endpoint-slice.ts';
import { ingressClassValidator, ingressValidator } from './network/ingress.ts';
import { networkPolicyValidator } from './network/network-policy.ts';
import { serviceRangeValidator } from './network/service-range.ts';
import { podValidator } from './pod/pod.ts';
import { apiServiceValidator } from './policy/api-service.ts';
import { autoscalerValidator } from './policy/autoscaler.ts';
import { budgetValidator, priorityClassValidator } from './policy/budget.ts';
import {
  deviceClassValidator,
  resourceClaimTemplateValidator,
  resourceClaimValidator,
  resourceSliceValidator,
} from './policy/devices.ts';
import { flowSchemaValidator, priorityLevelValidator } from './policy/flow-control.ts';
import { leaseCandidateValidator, leaseValidator } from './policy/lease.ts';
import { runtimeClassValidator } from './policy/runtime-class.ts';
import { claimValidator } from './storage/claim.ts';
import { attributesClassValidator, storageCapacityValidator, storageClassValidator } from './storage/classes.ts';
import { attachmentValidator, driverValidator, nodeDriversValidator } from './storage/drivers.ts';
import { volumeValidator } from './storage/volume.ts';
import type { Validator } from './validator.ts';
import { webhooksValidator } from './webhooks/configuration.ts';
import { mutatingPolicyValidator, validatingPolicyValidator } from './webhooks/policy.ts';
import { mutatingBindingValidator, validatingBindingValidator } from './webhooks/policy-binding.ts';
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
  PersistentVolume: volumeValidator,
  PersistentVolumeClaim: claimValidator,
  Pod: podValidator,
  PodTemplate: podTemplateValidator,
  ReplicationController: replicationControllerValidator,
  ResourceQuota: resourceQuotaValidator,
  Secret: secretValidator,
  Service: serviceValidator,
  ServiceAccount: serviceAccountValidator,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': mutatingPolicyValidator,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': mutatingBindingValidator,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooksValidator,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': validatingPolicyValidator,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': validatingBindingValidator,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooksValidator,
  'apiregistration.k8s.io/APIService': apiServiceValidator,
  'apps/ControllerRevision': controllerRevisionValidator,
  'apps/DaemonSet': daemonSetValidator,
  'apps/Deployment': deploymentValidator,
  'apps/ReplicaSet': replicaSetValidator,
  'apps/StatefulSet': statefulSetValidator,
  'autoscaling/HorizontalPodAutoscaler': autoscalerValidator,
  'batch/CronJob': cronJobValidator,
  'batch/Job': jobValidator,
  'certificates.k8s.io/CertificateSigningRequest': certificateRequestValidator,
  'coordination.k8s.io/Lease': leaseValidator,
  'coordination.k8s.io/LeaseCandidate': leaseCandidateValidator,
  'discovery.k8s.io/EndpointSlice': endpointSliceValidator,
  'events.k8s.io/Event': eventValidator,
  'flowcontrol.apiserver.k8s.io/FlowSchema': flowSchemaValidator,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': priorityLevelValidator,
  'networking.k8s.io/IPAddress': addressValidator,
  'networking.k8s.io/Ingress': ingressValidator,
  'networking.k8s.io/IngressClass': ingressClassValidator,
  'networking.k8s.io/NetworkPolicy': networkPolicyValidator,
  'networking.k8s.io/ServiceCIDR': serviceRangeValidator,
  'node.k8s.io/RuntimeClass': runtimeClassValidator,
  'policy/PodDisruptionBudget': budgetValidator,
  'rbac.authorization.k8s.io/ClusterRole': clusterRoleValidator,
  'rbac.authorization.k8s.io/ClusterRoleBinding': clusterRoleBindingValidator,
  'rbac.authorization.k8s.io/Role': roleValidator,
  'rbac.authorization.k8s.io/RoleBinding': roleBindingValidator,
  'resource.k8s.io/DeviceClass': deviceClassValidator,
  'resource.k8s.io/ResourceClaim': resourceClaimValidator,
  'resource.k8s.io/ResourceClaimTemplate': resourceClaimTemplateValidator,
  'resource.k8s.io/ResourceSlice': resourceSliceValidator,
  'scheduling.k8s.io/PriorityClass': priorityClassValidator,
  'storage.k8s.io/CSIDriver': driverValidator,
  'storage.k8s.io/CSINode': nodeDriversValidator,
  'storage.k8s.io/CSIStorageCapacity': storageCapacityValidator,
  'storage.k8s.io/StorageClass': storageClassValidator,
  'storage.k8s.io/VolumeAttachment': attachmentValidator,
  'storage.k8s.io/VolumeAttributesClass': attributesClassValidator,
};

/** The checks of a kind. */
export function validatorOf(group: string, kind: string): Validator {
  return validators[group === '' ? kind : `${group}/${kind}`] ?? none;
}
