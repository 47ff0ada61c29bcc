import { readFileSync } from 'node:fs';
import { arch, release } from 'node:os';

import type { Node, NodeCondition } from '@reeve/api/core/v1';

import type { VirtualNodeOptions } from '../host/node-host-options.ts';
import { formatTime } from '../pod/time.ts';

/** Kubernetes' version that the agent follows. */
const kubeletVersion = 'v1.36.0-reeve';

/** Says on the Node that its pods are processes of this machine. */
const runtimeLabel = 'reeve.dev/runtime';

/** A node as it registers: labels as kubelet sets them, and what kind of node it is. */
export function nodeObject({ name, labels = {} }: VirtualNodeOptions, podCIDR: string): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': architecture(),
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
        'beta.kubernetes.io/arch': architecture(),
        'beta.kubernetes.io/os': 'linux',
        [runtimeLabel]: 'process',
        ...labels,
      },
      annotations: { 'reeve.dev/runtime': 'Pods on this node are processes of the local machine, not containers.' },
    },
    spec: { podCIDR, podCIDRs: [podCIDR] },
  };
}

/** What a node's status is made of. */
export interface NodeStatusInput {
  readonly options: VirtualNodeOptions;
  readonly address: string;
  readonly bootID: string;
  readonly bootTime: number;
  /** Why resource limits are not enforced. */
  readonly limitsMessage: string;
}

/** `status` of a node that works. `now` is the heartbeat's time. */
export function nodeStatus(
  { options, address, bootID, bootTime, limitsMessage }: NodeStatusInput,
  now: number,
): Node['status'] {
  const resources = { cpu: options.cpu, memory: options.memory, pods: '110', 'ephemeral-storage': '100Gi' };
  const condition = (type: string, status: string, reason: string, message: string): NodeCondition => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: formatTime(now),
    lastTransitionTime: formatTime(bootTime),
  });
  return {
    capacity: resources,
    allocatable: resources,
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: options.name },
    ],
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('ResourceLimitsEnforced', 'False', 'ProcessRuntime', limitsMessage),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      machineID: bootID,
      systemUUID: bootID,
      bootID,
      kernelVersion: release(),
      osImage: osImage(),
      containerRuntimeVersion: 'process://reeve',
      kubeletVersion,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: architecture(),
    },
  };
}

function architecture(): string {
  return arch() === 'x64' ? 'amd64' : arch();
}

/** As os-release(5) names the system. */
function osImage(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  } catch {
    return 'Linux';
  }
}
