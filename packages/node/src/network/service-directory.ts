import type { Pod, Service } from '@reeve/api/core/v1';
import type { Endpoint, EndpointSlice } from '@reeve/api/discovery/v1';
import type { Stored } from '@reeve/kube';

import type { ObjectCache } from '../cache/object-cache.ts';
import { serviceNameLabel } from './service-table.ts';

/** An endpoint of a Service, as names and reverse names need it. */
export interface NamedEndpoint {
  readonly address: string;
  /** The pod's host name when it has one for this Service, else the address with dashes. */
  readonly label: string;
  readonly ready: boolean;
  readonly ports: EndpointSlice['ports'];
}

/** What names in the cluster are made of. */
export interface ServiceDirectory {
  service(namespace: string, name: string): Service | undefined;
  services(): Iterable<Stored<Service>>;
  slices(namespace: string, service: string): readonly EndpointSlice[];
  endpoints(namespace: string, service: string): readonly NamedEndpoint[];
  /** The pod with this address. */
  podAt(address: string): Pod | undefined;
  /** Called with `namespace/name` of each Service whose routes may have changed. */
  onChange(listener: (key: string) => void): void;
}

/**
 * Joins the caches of Services and their slices with the pods by the addresses that the agent gave them: these are
 * known before a pod's first program runs, and so before the API or any slice can tell.
 */
export function serviceDirectory(
  services: ObjectCache<Service>,
  slices: ObjectCache<EndpointSlice>,
  assigned: ReadonlyMap<string, Pod>,
): ServiceDirectory {
  const byService = new Map<string, Map<string, EndpointSlice>>();
  const listeners = new Set<(key: string) => void>();
  const notify = (key: string): void => listeners.forEach((listener) => listener(key));
  slices.onChange((current, previous) => {
    const key = sliceKey(current ?? previous);
    if (key === undefined) return;
    const own = byService.get(key) ?? new Map<string, EndpointSlice>();
    const name = (current ?? previous)?.metadata.name ?? '';
    if (current === undefined) own.delete(name);
    else own.set(name, current);
    if (own.size === 0) byService.delete(key);
    else byService.set(key, own);
    notify(key);
  });
  services.onChange((current, previous) => {
    const { namespace = '', name = '' } = (current ?? previous)?.metadata ?? {};
    notify(`${namespace}/${name}`);
  });
  const slicesOf = (namespace: string, service: string): readonly EndpointSlice[] => [
    ...(byService.get(`${namespace}/${service}`)?.values() ?? []),
  ];
  return {
    service: (namespace, name) => services.get(namespace, name),
    services: () => services.values(),
    slices: slicesOf,
    endpoints: (namespace, service) => slicesOf(namespace, service).flatMap(namedEndpoints),
    podAt: (address) => assigned.get(address),
    onChange: (listener) => void listeners.add(listener),
  };
}

function sliceKey(slice: Stored<EndpointSlice> | undefined): string | undefined {
  const service = slice?.metadata.labels?.[serviceNameLabel];
  return service === undefined ? undefined : `${slice?.metadata.namespace ?? ''}/${service}`;
}

function namedEndpoints(slice: EndpointSlice): readonly NamedEndpoint[] {
  if (slice.addressType !== 'IPv4') return [];
  return (slice.endpoints ?? []).flatMap((endpoint: Endpoint) =>
    endpoint.addresses.map((address) => ({
      address,
      label: endpoint.hostname ?? address.replaceAll('.', '-'),
      ready: endpoint.conditions?.ready !== false,
      ports: slice.ports,
    })),
  );
}
