import { certificatePreparation } from './certificate-preparation.ts';
import {
  claimPreparation,
  endpointSlicePreparation,
  namespacePreparation,
  nodePreparation,
  persistentVolumePreparation,
  secretPreparation,
  serviceAccountPreparation,
} from './core-preparation.ts';
import type { KindPreparation } from './kind-preparation.ts';
import { podPreparation } from './pod-preparation.ts';
import { servicePreparation } from './service-preparation.ts';
import { daemonSetPreparation, jobPreparation } from './workload-preparation.ts';

const none: KindPreparation = {};

const preparations: Readonly<Record<string, KindPreparation>> = {
  Namespace: namespacePreparation,
  Node: nodePreparation,
  PersistentVolume: persistentVolumePreparation,
  PersistentVolumeClaim: claimPreparation,
  Pod: podPreparation,
  Secret: secretPreparation,
  Service: servicePreparation,
  ServiceAccount: serviceAccountPreparation,
  'apps/DaemonSet': daemonSetPreparation,
  'batch/Job': jobPreparation,
  'certificates.k8s.io/CertificateSigningRequest': certificatePreparation,
  'discovery.k8s.io/EndpointSlice': endpointSlicePreparation,
};

/** What a kind does beyond its rules. */
export function preparationOf(group: string, kind: string): KindPreparation {
  return preparations[group === '' ? kind : `${group}/${kind}`] ?? none;
}
