import { labelRequirements, matchesLabels } from '@reeve/api';
import { Node, Pod, Service } from '@reeve/api/core/v1';
import { EndpointSlice } from '@reeve/api/discovery/v1';
import type { Stored } from '@reeve/kube';
import { cached, controller, keyOf, watch } from '@reeve/operator';
import type { Controller, ObjectKey, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { desiredSlices } from './desired-slice.ts';
import type { DesiredSlice } from './desired-slice.ts';
import { MANAGED_BY, SERVICE_NAME, settleSlices } from './settle-slices.ts';
import type { SliceIdentity } from './settle-slices.ts';
import { controllerReference } from '../owned-pod.ts';

const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';

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
      await settleSlices(context.client, identityOf(context), ours, desired);
    },
  });
}

/** The services that select one of these pods. */
export function servicesOf(
  pods: readonly (Pod | undefined)[],
  services: readonly Stored<Service>[],
): readonly ObjectKey[] {
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

function identityOf({ obj, clock }: Context): SliceIdentity {
  const { namespace = '', name, labels } = obj.metadata;
  const headless = obj.spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    namespace,
    service: name,
    labels: { ...labels, [MANAGED_BY]: SLICE_CONTROLLER, [SERVICE_NAME]: name, ...headless },
    owner: controllerReference(Service, obj),
    triggerTime: new Date(clock.now()).toISOString(),
  };
}
