import type { Service } from '@reeve/api/core/v1';
import type { EndpointSlice } from '@reeve/api/discovery/v1';

/** Where connections to one port of a Service's address go. */
export interface ServiceRoute {
  readonly address: string;
  readonly port: number;
  /** `host:port` of each endpoint; never empty. */
  readonly backends: readonly Backend[];
  /** Seconds for which a client stays with its backend; undefined when any will do. */
  readonly affinitySeconds: number | undefined;
}

export interface Backend {
  readonly host: string;
  readonly port: number;
}

/** The label that ties a slice to its Service. */
export const serviceNameLabel = 'kubernetes.io/service-name';

/** The TCP routes of a Service, by `address:port`. A port without ready endpoints has none, so connecting is refused. */
export function serviceRoutes(service: Service, slices: readonly EndpointSlice[]): ReadonlyMap<string, ServiceRoute> {
  const routes = new Map<string, ServiceRoute>();
  const { spec } = service;
  if (spec === undefined || spec.type === 'ExternalName') return routes;
  const addresses = (spec.clusterIPs ?? [spec.clusterIP ?? 'None']).filter((ip) => ip !== 'None' && ip !== '');
  const affinitySeconds =
    spec.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : undefined;
  for (const { port, name = '', protocol = 'TCP' } of spec.ports ?? []) {
    const backends = protocol === 'TCP' ? backendsOf(slices, name) : [];
    if (backends.length === 0) continue;
    for (const address of addresses) routes.set(`${address}:${port}`, { address, port, backends, affinitySeconds });
  }
  return routes;
}

// Ready endpoints, or, while none is ready, those that still serve while they terminate (KEP-1669).
function backendsOf(slices: readonly EndpointSlice[], portName: string): readonly Backend[] {
  const ready: Backend[] = [];
  const serving: Backend[] = [];
  for (const slice of slices) {
    const port = slice.ports?.find(({ name = '', protocol = 'TCP' }) => name === portName && protocol === 'TCP')?.port;
    if (port === undefined || slice.addressType !== 'IPv4') continue;
    for (const { addresses, conditions } of slice.endpoints ?? []) {
      const host = addresses[0];
      if (host === undefined) continue;
      if (conditions?.ready !== false) ready.push({ host, port });
      else if (conditions.serving === true && conditions.terminating === true) serving.push({ host, port });
    }
  }
  return ready.length > 0 ? ready : serving;
}
