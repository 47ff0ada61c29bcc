import type { Container, Pod, PodSpec } from '@reeve/api/core/v1';

interface Rule<T> {
  readonly field: string;
  readonly applies: (value: T) => boolean;
}

/** Fields without which the pod would be another one: such a pod is refused. */
const refusedOfPod: readonly Rule<PodSpec>[] = [
  { field: 'hostNetwork', applies: (spec) => spec.hostNetwork === true },
  { field: 'hostPID', applies: (spec) => spec.hostPID === true },
  { field: 'hostIPC', applies: (spec) => spec.hostIPC === true },
  { field: 'shareProcessNamespace', applies: (spec) => spec.shareProcessNamespace === true },
  { field: 'os.name windows', applies: (spec) => spec.os?.name === 'windows' },
  { field: 'runtimeClassName', applies: (spec) => (spec.runtimeClassName ?? '') !== '' },
  { field: 'setHostnameAsFQDN', applies: (spec) => spec.setHostnameAsFQDN === true },
  {
    field: 'containers[].restartPolicy',
    applies: (spec) => spec.containers.some(({ restartPolicy }) => restartPolicy !== undefined),
  },
  { field: 'resourceClaims', applies: (spec) => (spec.resourceClaims ?? []).length > 0 },
];

const refusedOfContainer: readonly Rule<Container>[] = [
  { field: 'volumeDevices', applies: (container) => (container.volumeDevices ?? []).length > 0 },
  { field: 'restartPolicyRules', applies: (container) => (container.restartPolicyRules ?? []).length > 0 },
  {
    field: 'ports[].hostPort',
    applies: (container) => (container.ports ?? []).some(({ hostPort = 0 }) => hostPort !== 0),
  },
  {
    field: 'volumeMounts[].mountPropagation Bidirectional',
    applies: (container) => (container.volumeMounts ?? []).some((mount) => mount.mountPropagation === 'Bidirectional'),
  },
];

/** Fields that only restrict: the pod runs, and an event says that they do nothing here. */
const warnedOfPod: readonly Rule<PodSpec>[] = [
  { field: 'securityContext.sysctls', applies: (spec) => (spec.securityContext?.sysctls ?? []).length > 0 },
  {
    field: 'securityContext.supplementalGroups',
    applies: (spec) => (spec.securityContext?.supplementalGroups ?? []).length > 0,
  },
  {
    field: 'securityContext.seccompProfile Localhost',
    applies: (spec) => spec.securityContext?.seccompProfile?.type === 'Localhost',
  },
  { field: 'securityContext.seLinuxOptions', applies: (spec) => spec.securityContext?.seLinuxOptions !== undefined },
  { field: 'ephemeralContainers', applies: (spec) => (spec.ephemeralContainers ?? []).length > 0 },
  {
    field: 'emptyDir.sizeLimit on disk',
    applies: (spec) =>
      (spec.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined && emptyDir.medium !== 'Memory'),
  },
];

/** What a pod asks for that process nodes cannot give at all. */
export function unsupportedFields({ spec }: Pod): readonly string[] {
  if (spec === undefined) return [];
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return [
    ...refusedOfPod.filter(({ applies }) => applies(spec)).map(({ field }) => `spec.${field}`),
    ...containers.flatMap((container) =>
      refusedOfContainer
        .filter(({ applies }) => applies(container))
        .map(({ field }) => `${field} of container ${container.name}`),
    ),
  ];
}

/** What a pod asks for that has no effect on process nodes. */
export function warnedFields({ spec }: Pod): readonly string[] {
  if (spec === undefined) return [];
  return warnedOfPod.filter(({ applies }) => applies(spec)).map(({ field }) => `spec.${field}`);
}
