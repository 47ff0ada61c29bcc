import type { Pod, Service, ServicePort } from '@reeve/api/core/v1';
import type { Endpoint, EndpointPort } from '@reeve/api/discovery/v1';

/** The endpoints of one service that share their port numbers. */
export interface DesiredSlice {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** An object in one slice is enough up to here; more endpoints go to further slices. */
const ENDPOINTS_MAX = 100;

export interface NodeFacts {
  /** The node's zone, if it exists; undefined leaves the pod out. */
  zoneOf(node: string): { readonly zone: string | undefined } | undefined;
}

/** What the slices of a service should hold, from the pods that its selector selects. Without pods: one empty slice. */
export function desiredSlices(service: Service, pods: readonly Pod[], nodes: NodeFacts): readonly DesiredSlice[] {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods
    .filter(hasEndpoint)
    .toSorted((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1))) {
    const node = nodes.zoneOf(pod.spec?.nodeName ?? '');
    if (!node) continue;
    const ports = endpointPorts(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod, node.zone));
    groups.set(key, group);
  }
  if (groups.size === 0) return [{ ports: [], endpoints: [] }];
  return [...groups.values()].flatMap(({ ports, endpoints }) =>
    Array.from({ length: Math.ceil(endpoints.length / ENDPOINTS_MAX) }, (_, index) => ({
      ports,
      endpoints: endpoints.slice(index * ENDPOINTS_MAX, (index + 1) * ENDPOINTS_MAX),
    })),
  );
}

function hasEndpoint({ status }: Pod): boolean {
  return Boolean(status?.podIP) && status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
}

export function isPodReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

function endpointOf(service: Service, pod: Pod, zone: string | undefined): Endpoint {
  const terminating = pod.metadata?.deletionTimestamp !== undefined;
  const serving = isPodReady(pod);
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const hostname = pod.spec?.hostname && pod.spec.subdomain === service.metadata?.name ? pod.spec.hostname : undefined;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone === undefined ? {} : { zone }),
    targetRef: {
      kind: 'Pod',
      name: pod.metadata?.name ?? '',
      namespace: pod.metadata?.namespace ?? '',
      uid: pod.metadata?.uid ?? '',
    },
  };
}

/** Ports with their numbers in this pod; a named target port that the pod lacks is left out. */
export function endpointPorts(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    if (number === undefined) return [];
    const protocol = port.protocol ?? 'TCP';
    return [
      { name: port.name ?? '', port: number, protocol, ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}) },
    ];
  });
}

function targetPort({ targetPort: target, port, protocol = 'TCP' }: ServicePort, pod: Pod): number | undefined {
  if (target === undefined || target === 0 || target === '') return port;
  if (typeof target === 'number') return target;
  const containers = [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ];
  return containers
    .flatMap(({ ports = [] }) => ports)
    .find(({ name, protocol: own = 'TCP' }) => name === target && own === protocol)?.containerPort;
}
