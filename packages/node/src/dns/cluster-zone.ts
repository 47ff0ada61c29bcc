import type { Service } from '@reeve/api/core/v1';

import { parseIPv4 } from '../network/ipv4.ts';
import type { NamedEndpoint, ServiceDirectory } from '../network/service-directory.ts';
import type { DnsRecord, DnsResult } from './record.ts';

const nothing: DnsResult = { answers: [], additionals: [] };

/** A name with an address behind it. */
interface Host {
  readonly name: string;
  readonly address: string;
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
}

/**
 * Answers for `<domain>` by Kubernetes' DNS specification (version 1.1.0): Services, their endpoints, SRV per port,
 * and pods by address. Undefined for names that do not exist. `name` is in lower case and has no dot at its end.
 */
export function resolveClusterName(
  directory: ServiceDirectory,
  domain: string,
  name: string,
  type: string,
): DnsResult | undefined {
  if (name === domain) return nothing;
  const labels = name.slice(0, -domain.length - 1).split('.');
  const kind = labels.pop();
  const namespace = labels.pop();
  if (kind !== 'svc' && kind !== 'pod') return undefined;
  if (namespace === undefined) return nothing;
  if (kind === 'pod') return podByAddress(labels, name, type);
  const serviceName = labels.pop();
  if (serviceName === undefined) return hasService(directory, namespace) ? nothing : undefined;
  const service = directory.service(namespace, serviceName);
  if (service === undefined) return undefined;
  const base = `${serviceName}.${namespace}.svc.${domain}`;
  return serviceAnswer(
    service,
    hostsOf(service, directory.endpoints(namespace, serviceName), base),
    labels,
    name,
    type,
  );
}

function serviceAnswer(
  service: Service,
  hosts: readonly Host[],
  labels: readonly string[],
  name: string,
  type: string,
): DnsResult | undefined {
  const external = service.spec?.type === 'ExternalName' ? service.spec.externalName : undefined;
  if (external !== undefined) {
    return labels.length > 0 ? undefined : { answers: [{ type: 'CNAME', name, data: external }], additionals: [] };
  }
  const [first = '', second = ''] = labels;
  if (labels.length === 0) {
    if (hosts.length === 0) return nothing;
    return type === 'SRV' ? srvAnswer(hosts, name, () => true) : addressAnswer(hosts, name, type);
  }
  if (labels.length === 2 && first.startsWith('_') && second.startsWith('_')) {
    const found = srvAnswer(hosts, name, (port) => `_${port.name}` === first && `_${port.protocol}` === second);
    if (found.answers.length === 0) return undefined;
    return type === 'SRV' ? found : nothing;
  }
  const host = hosts.filter((candidate) => candidate.name === name);
  return labels.length === 1 && host.length > 0 ? addressAnswer(host, name, type) : undefined;
}

// A Service with an address has one host, itself; a headless one has its ready endpoints.
function hostsOf(service: Service, endpoints: readonly NamedEndpoint[], base: string): readonly Host[] {
  const clusterIP = service.spec?.clusterIP;
  if (clusterIP !== undefined && clusterIP !== 'None' && clusterIP !== '') {
    const ports = (service.spec?.ports ?? []).map(({ name = '', protocol = 'TCP', port }) => ({
      name,
      protocol: protocol.toLowerCase(),
      port,
    }));
    return [{ name: base, address: clusterIP, ports }];
  }
  const all = service.spec?.publishNotReadyAddresses === true;
  return endpoints
    .filter(({ ready }) => ready || all)
    .map(({ address, label, ports }) => ({
      name: `${label}.${base}`,
      address,
      ports: (ports ?? []).map(({ name = '', protocol = 'TCP', port = 0 }) => ({
        name,
        protocol: protocol.toLowerCase(),
        port,
      })),
    }));
}

function addressAnswer(hosts: readonly Host[], name: string, type: string): DnsResult {
  if (type !== 'A' && type !== 'ANY') return nothing;
  const addresses = [...new Set(hosts.map(({ address }) => address))];
  return { answers: addresses.map((data) => ({ type: 'A', name, data })), additionals: [] };
}

function srvAnswer(hosts: readonly Host[], name: string, wanted: (port: Host['ports'][number]) => boolean): DnsResult {
  const found = hosts.flatMap((host) => host.ports.filter(wanted).map(({ port }) => ({ host, port })));
  const weight = Math.max(1, Math.floor(100 / Math.max(1, found.length)));
  const answers: DnsRecord[] = found.map(({ host, port }) => ({
    type: 'SRV',
    name,
    data: { priority: 0, weight, port, target: host.name },
  }));
  const targets = new Map(found.map(({ host }) => [host.name, host.address]));
  return { answers, additionals: [...targets].map(([target, data]) => ({ type: 'A', name: target, data })) };
}

function podByAddress(labels: readonly string[], name: string, type: string): DnsResult | undefined {
  const address = (labels[0] ?? '').replaceAll('-', '.');
  if (labels.length === 0) return nothing;
  if (labels.length > 1 || parseIPv4(address) === undefined) return undefined;
  return type === 'A' ? { answers: [{ type: 'A', name, data: address }], additionals: [] } : nothing;
}

function hasService(directory: ServiceDirectory, namespace: string): boolean {
  return [...directory.services()].some(({ metadata }) => metadata.namespace === namespace);
}
