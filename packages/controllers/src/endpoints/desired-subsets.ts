import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from '@reeve/api/core/v1';
import { endpointPorts, isPodReady } from '../endpoint-slice/desired-slice.ts';

/** The subsets of a service's Endpoints: pods that share their port numbers, ready ones apart from others. */
export function desiredSubsets(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const takesAll = service.spec?.publishNotReadyAddresses === true;
  const groups = new Map<
    string,
    { ports: readonly EndpointPort[]; ready: EndpointAddress[]; unready: EndpointAddress[] }
  >();
  for (const pod of pods.filter((candidate) => hasAddress(candidate, takesAll)).toSorted(byAddress)) {
    const ports = endpointPorts(service, pod).map(({ name = '', ...port }) => (name === '' ? port : { name, ...port }));
    const hasPorts = (service.spec?.ports ?? []).length > 0;
    if (hasPorts && ports.length === 0) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports: ports as readonly EndpointPort[], ready: [], unready: [] };
    (takesAll || isPodReady(pod) ? group.ready : group.unready).push(addressOf(service, pod));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ports, ready, unready }) => ({
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(unready.length > 0 ? { notReadyAddresses: unready } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  }));
}

function hasAddress({ status, metadata }: Pod, takesAll: boolean): boolean {
  const isEnded = status?.phase === 'Failed' || status?.phase === 'Succeeded';
  return Boolean(status?.podIP) && !isEnded && (takesAll || metadata?.deletionTimestamp === undefined);
}

const byAddress = (a: Pod, b: Pod): number => ((a.status?.podIP ?? '') < (b.status?.podIP ?? '') ? -1 : 1);

function addressOf(service: Service, { metadata, spec, status }: Pod): EndpointAddress {
  const { name = '', namespace = '', uid = '' } = metadata ?? {};
  const hostname = spec?.hostname && spec.subdomain === service.metadata?.name ? spec.hostname : undefined;
  return {
    ip: status?.podIP ?? '',
    ...(hostname === undefined ? {} : { hostname }),
    ...(spec?.nodeName ? { nodeName: spec.nodeName } : {}),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}
