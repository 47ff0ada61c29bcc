/** What the strategy of one kind does to objects before they are validated, as data. */
export interface KindRules {
  /** A created object starts at generation 1. */
  readonly generation?: true;
  /** Parts whose change raises the generation. */
  readonly bumps?: readonly string[];
  /** Has a status that create empties and update keeps; its value after create. */
  readonly status?: 'reset' | 'kept';
  /** What a write of the status keeps besides the spec: `metadata` is all but managedFields. */
  readonly statusKeeps?: readonly string[];
  readonly createsOnUpdate?: true;
  readonly needsVersion?: true;
}

const plain: KindRules = {};
const counted: KindRules = { generation: true, bumps: ['spec'] };
const withStatus: KindRules = { status: 'reset', statusKeeps: ['spec'] };
const countedStatus: KindRules = { ...counted, ...withStatus };
const sealedStatus: KindRules = { status: 'reset', statusKeeps: ['spec', 'metadata'] };

/** By `group/Kind`; the core group has no prefix. Kinds not listed follow no rule. */
export const kindRules: Readonly<Record<string, KindRules>> = {
  ConfigMap: plain,
  Endpoints: { createsOnUpdate: true },
  Event: { createsOnUpdate: true },
  'events.k8s.io/Event': { createsOnUpdate: true },
  LimitRange: { createsOnUpdate: true },
  Namespace: withStatus,
  Node: { status: 'kept', statusKeeps: ['spec'] },
  PersistentVolume: withStatus,
  PersistentVolumeClaim: withStatus,
  Pod: { generation: true, bumps: ['spec'], status: 'reset', statusKeeps: ['spec', 'metadata.ownerReferences'] },
  PodTemplate: { generation: true, bumps: ['template'] },
  ReplicationController: countedStatus,
  ResourceQuota: withStatus,
  Service: { ...withStatus, createsOnUpdate: true },
  'apiregistration.k8s.io/APIService': { ...sealedStatus, needsVersion: true },
  'apps/DaemonSet': countedStatus,
  'apps/Deployment': {
    generation: true,
    bumps: ['spec', 'metadata.annotations'],
    status: 'reset',
    statusKeeps: ['spec', 'metadata.labels'],
  },
  'apps/ReplicaSet': countedStatus,
  'apps/StatefulSet': countedStatus,
  'autoscaling/HorizontalPodAutoscaler': withStatus,
  'batch/CronJob': countedStatus,
  'batch/Job': countedStatus,
  'certificates.k8s.io/CertificateSigningRequest': { status: 'reset' },
  'coordination.k8s.io/Lease': { createsOnUpdate: true, needsVersion: true },
  'discovery.k8s.io/EndpointSlice': {
    generation: true,
    bumps: ['endpoints', 'ports', 'addressType', 'metadata.labels'],
  },
  'flowcontrol.apiserver.k8s.io/FlowSchema': { ...counted, ...sealedStatus },
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': { ...counted, ...sealedStatus },
  'networking.k8s.io/Ingress': countedStatus,
  'networking.k8s.io/IngressClass': counted,
  'networking.k8s.io/NetworkPolicy': counted,
  'networking.k8s.io/ServiceCIDR': sealedStatus,
  'node.k8s.io/RuntimeClass': { createsOnUpdate: true, needsVersion: true },
  'policy/PodDisruptionBudget': { ...countedStatus, needsVersion: true },
  'rbac.authorization.k8s.io/ClusterRole': { createsOnUpdate: true },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { createsOnUpdate: true },
  'rbac.authorization.k8s.io/Role': { createsOnUpdate: true },
  'rbac.authorization.k8s.io/RoleBinding': { createsOnUpdate: true },
  'resource.k8s.io/DeviceClass': counted,
  'resource.k8s.io/ResourceClaim': sealedStatus,
  'resource.k8s.io/ResourceSlice': counted,
  'scheduling.k8s.io/PriorityClass': { generation: true },
  'storage.k8s.io/CSIDriver': { bumps: ['spec'], needsVersion: true },
  'storage.k8s.io/CSINode': { needsVersion: true },
  'storage.k8s.io/CSIStorageCapacity': { needsVersion: true },
  'storage.k8s.io/VolumeAttachment': { ...sealedStatus, needsVersion: true },
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': { ...counted, needsVersion: true },
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': { ...counted, needsVersion: true },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': {
    generation: true,
    bumps: ['webhooks'],
    needsVersion: true,
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': { ...counted, ...sealedStatus, needsVersion: true },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': { ...counted, needsVersion: true },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': {
    generation: true,
    bumps: ['webhooks'],
    needsVersion: true,
  },
};

/** The rules of a kind; none for a kind without any. */
export function rulesOf(group: string, kind: string): KindRules {
  return kindRules[group === '' ? kind : `${group}/${kind}`] ?? plain;
}
