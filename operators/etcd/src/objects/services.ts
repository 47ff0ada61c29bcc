import type { Service } from '@reeve/api/core/v1';
import { clusterLabels, labelKeys, namesOf, ports, type ClusterIdentity } from '../names.ts';

/** What clients connect to: members that vote and are ready. */
export function clientService({ name, namespace }: ClusterIdentity): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: namesOf(name).clientService, namespace, labels: clusterLabels(name) },
    spec: {
      selector: { [labelKeys.cluster]: name, [labelKeys.role]: 'voter' },
      ports: [{ name: 'client', port: ports.client, targetPort: ports.client, protocol: 'TCP' }],
    },
  };
}

/** Gives every member a DNS name, also while it is not ready: members find each other through it before they are. */
export function peerService({ name, namespace }: ClusterIdentity): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: namesOf(name).peerService, namespace, labels: clusterLabels(name) },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { [labelKeys.cluster]: name },
      ports: [
        { name: 'client', port: ports.client, targetPort: ports.client, protocol: 'TCP' },
        { name: 'peer', port: ports.peer, targetPort: ports.peer, protocol: 'TCP' },
      ],
    },
  };
}
