import type { OwnerReference } from '@reeve/api';
import { EndpointSlice } from '@reeve/api/discovery/v1';
import type { Client, Stored } from '@reeve/kube';
import { isSame } from '../canonical-json.ts';
import type { DesiredSlice } from './desired-slice.ts';

export const SERVICE_NAME = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/** What all slices of one origin have in common. */
export interface SliceIdentity {
  readonly namespace: string;
  /** The service's name. */
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: OwnerReference;
  /** Of the change that leads to new slices, as RFC 3339 text. */
  readonly triggerTime: string;
}

/** Keeps slices whose ports stay, changes those that differ, makes the missing and deletes the rest. */
export async function settleSlices(
  client: Client,
  identity: SliceIdentity,
  existing: readonly Stored<EndpointSlice>[],
  desired: readonly DesiredSlice[],
): Promise<void> {
  const slices = client.of(EndpointSlice).in(identity.namespace);
  const left = [...existing];
  const missing: DesiredSlice[] = [];
  for (const slice of desired) {
    const index = left.findIndex((candidate) => isSame(candidate.ports ?? [], slice.ports));
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found) await update(client, identity, found, slice);
    else missing.push(slice);
  }
  for (const slice of missing) {
    const reused = left.shift();
    if (reused) await update(client, identity, reused, slice);
    else await slices.create(newSlice(identity, slice));
  }
  for (const { metadata } of left) await slices.delete(metadata.name, { preconditions: { uid: metadata.uid } });
}

async function update(
  client: Client,
  { namespace, labels }: SliceIdentity,
  slice: Stored<EndpointSlice>,
  { ports, endpoints }: DesiredSlice,
): Promise<void> {
  const isCurrent =
    isSame(slice.endpoints ?? [], endpoints) &&
    isSame(slice.ports ?? [], ports) &&
    isSame(slice.metadata.labels, labels);
  if (isCurrent) return;
  await client
    .of(EndpointSlice)
    .in(namespace)
    .update({ ...slice, metadata: { ...slice.metadata, labels }, ports: [...ports], endpoints: [...endpoints] });
}

function newSlice(
  { namespace, service, labels, owner, triggerTime }: SliceIdentity,
  { ports, endpoints }: DesiredSlice,
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service}-`,
      namespace,
      labels,
      annotations: { [TRIGGER_TIME]: triggerTime },
      ownerReferences: [owner],
    },
    addressType: 'IPv4',
    ports: [...ports],
    endpoints: [...endpoints],
  };
}
