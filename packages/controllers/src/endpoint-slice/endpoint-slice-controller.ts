import { labelRequirements, matchesLabels } from '@reeve/api';
import { Node, Pod, Service } from '@reeve/api/core/v1';
import { EndpointSlice } from '@reeve/api/discovery/v1';
import type { Stored } from '@reeve/kube';
import { cached, controller, keyOf, watch } from '@reeve/operator';
import type { Controller, ObjectKey, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { desiredSlices } from './desired-slice.ts';
import type { DesiredSlice } from './desired-slice.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

type Context = ReconcileContext<Service, Stored<Service>>;

/** Keeps the EndpointSlices of services that have a selector (KEP-752). */
export function endpointSliceController(): Controller {
  return controller(Service, {
    name: 'endpointslice',
    eventSource: legacySource('endpoint-slice-controller'),
    concurrency: 5,
    owns: [EndpointSlice],
    watches: [
      watch(Pod, {
        map: (pod, { read, change }) =>
          servicesOf([pod, change.old], read.list(Service, { namespace: pod.metadata.namespace ?? '' })),
      }),
    ],
    reads: [cached(Node)],
    permissions: [
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['create', 'update', 'delete'] },
    ],
    async reconcile(context) {
      const { obj, read } = context;
      const ours = read
        .ownedBy(EndpointSlice, obj)
        .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === SLICE_CONTROLLER);
      const selector = obj.spec?.selector;
      const isSelecting =
        selector !== undefined && Object.keys(selector).length > 0 && obj.spec?.type !== 'ExternalName';
      const desired = isSelecting && obj.metadata.deletionTimestamp === undefined ? desiredOf(context, selector) : [];
      await settle(context, ours, desired);
    },
  });
}

function servicesOf(pods: readonly (Pod | undefined)[], services: readonly Stored<Service>[]): readonly ObjectKey[] {
  const isSelected = ({ spec }: Service): boolean => {
    if (!spec?.selector || Object.keys(spec.selector).length === 0) return false;
    const requirements = labelRequirements({ matchLabels: spec.selector });
    return pods.some((pod) => pod && matchesLabels(requirements, pod.metadata?.labels ?? {}));
  };
  return services.filter(isSelected).map(keyOf);
}

function desiredOf({ obj, read }: Context, selector: Readonly<Record<string, string>>): readonly DesiredSlice[] {
  const pods = read.list(Pod, { namespace: obj.metadata.namespace ?? '', labels: selector });
  return desiredSlices(obj, pods, {
    zoneOf(name) {
      if (name === '') return { zone: undefined };
      const node = read.get(Node, { namespace: '', name });
      return node && { zone: node.metadata.labels?.['topology.kubernetes.io/zone'] };
    },
  });
}

/** Keeps slices whose ports stay, changes those that differ, makes the missing and deletes the rest. */
async function settle(
  context: Context,
  existing: readonly Stored<EndpointSlice>[],
  desired: readonly DesiredSlice[],
): Promise<void> {
  const left = [...existing];
  const missing: DesiredSlice[] = [];
  for (const slice of desired) {
    const index = left.findIndex((candidate) => isSame(candidate.ports ?? [], slice.ports));
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found) await update(context, found, slice);
    else missing.push(slice);
  }
  for (const slice of missing) {
    const reused = left.shift();
    if (reused) await update(context, reused, slice);
    else await create(context, slice);
  }
  for (const { metadata } of left) {
    await context.client
      .of(EndpointSlice)
      .in(metadata.namespace ?? '')
      .delete(metadata.name, { preconditions: { uid: metadata.uid } });
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

async function update(
  { obj, client }: Context,
  slice: Stored<EndpointSlice>,
  { ports, endpoints }: DesiredSlice,
): Promise<void> {
  const labels = labelsOf(obj);
  if (
    isSame(sortedByKey(slice.endpoints), sortedByKey(endpoints)) &&
    isSame(slice.ports ?? [], ports) &&
    isSame(slice.metadata.labels, labels)
  )
    return;
  await client
    .of(EndpointSlice)
    .in(slice.metadata.namespace ?? '')
    .update({ ...slice, metadata: { ...slice.metadata, labels }, ports: [...ports], endpoints: [...endpoints] });
}

/** Objects with their keys in one order, so that equal ones have equal JSON. */
function sortedByKey(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedByKey);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sortedByKey(child)]),
  );
}

async function create({ obj, client, clock }: Context, { ports, endpoints }: DesiredSlice): Promise<void> {
  const { namespace = '', name, uid } = obj.metadata;
  await client
    .of(EndpointSlice)
    .in(namespace)
    .create({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: labelsOf(obj),
        annotations: { [TRIGGER_TIME]: new Date(clock.now()).toISOString() },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4',
      ports: [...ports],
      endpoints: [...endpoints],
    });
}

function labelsOf({ metadata, spec }: Stored<Service>): Readonly<Record<string, string>> {
  const headless = spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  const own = { [MANAGED_BY]: SLICE_CONTROLLER, [SERVICE_NAME]: metadata.name };
  return sortedByKey({ ...metadata.labels, ...own, ...headless }) as Readonly<Record<string, string>>;
}
