import { Endpoints, Service } from '@reeve/api/core/v1';
import type { EndpointAddress, EndpointSubset } from '@reeve/api/core/v1';
import { EndpointSlice } from '@reeve/api/discovery/v1';
import type { Endpoint } from '@reeve/api/discovery/v1';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller } from '@reeve/operator';
import type { Stored } from '@reeve/kube';
import type { DesiredSlice } from '../endpoint-slice/desired-slice.ts';
import { MANAGED_BY, SERVICE_NAME, settleSlices } from '../endpoint-slice/settle-slices.ts';
import { controllerReference } from '../owned-pod.ts';

const MIRROR = 'endpointslicemirroring-controller.k8s.io';
const SKIP = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/** Mirrors Endpoints that people make for services without a selector into slices (KEP-752). */
export function mirroringController(): Controller {
  return controller(Endpoints, {
    name: 'endpoints-mirroring',
    owns: [EndpointSlice],
    watches: [watch(Service, { map: (service) => [keyOf(service)] })],
    permissions: [
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['create', 'update', 'delete'] },
    ],
    async reconcile({ obj, read, client, clock }) {
      const { namespace = '', name, labels } = obj.metadata;
      const service = read.get(Service, { namespace, name });
      const ours = read.ownedBy(EndpointSlice, obj).filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === MIRROR);
      const identity = {
        namespace,
        service: name,
        labels: { ...labels, [MANAGED_BY]: MIRROR, [SERVICE_NAME]: name },
        owner: controllerReference(Endpoints, obj),
        triggerTime: new Date(clock.now()).toISOString(),
      };
      await settleSlices(client, identity, ours, isMirrored(obj, service) ? (obj.subsets ?? []).map(sliceOf) : []);
    },
  });
}

function isMirrored({ metadata }: Stored<Endpoints>, service: Stored<Service> | undefined): boolean {
  if (!service || Object.keys(service.spec?.selector ?? {}).length > 0) return false;
  return metadata.labels?.[SKIP] !== 'true' && metadata.annotations?.[LEADER] === undefined;
}

function sliceOf({ addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset): DesiredSlice {
  return {
    ports: ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
      name,
      port,
      protocol,
      ...(appProtocol === undefined ? {} : { appProtocol }),
    })),
    endpoints: [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ],
  };
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}
