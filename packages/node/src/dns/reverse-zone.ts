import type { Pod } from '@reeve/api/core/v1';

import type { ServiceDirectory } from '../network/service-directory.ts';
import type { DnsRecord, DnsResult } from './record.ts';

export const reverseDomain = 'in-addr.arpa';

/**
 * Names of an address: Services, endpoints, and pods that have a host name and a subdomain. etcd asks this of every
 * peer whose certificate names hosts, so a pod's name is there before any endpoint slice is.
 */
export function resolveReverse(directory: ServiceDirectory, domain: string, name: string): DnsResult | undefined {
  const address = name
    .slice(0, -reverseDomain.length - 1)
    .split('.')
    .toReversed()
    .join('.');
  const names = new Set<string>();
  for (const service of directory.services()) {
    const { namespace = '', name: serviceName } = service.metadata;
    const base = `${serviceName}.${namespace}.svc.${domain}`;
    if (service.spec?.clusterIP === address) names.add(base);
    for (const endpoint of directory.endpoints(namespace, serviceName)) {
      if (endpoint.address === address) names.add(`${endpoint.label}.${base}`);
    }
  }
  const pod = directory.podAt(address);
  const own = pod && podName(pod, domain);
  if (own !== undefined) names.add(own);
  if (names.size === 0) return undefined;
  const answers: readonly DnsRecord[] = [...names].map((data) => ({ type: 'PTR', name, data }));
  return { answers, additionals: [] };
}

function podName({ spec, metadata }: Pod, domain: string): string | undefined {
  if (!spec?.hostname || !spec.subdomain) return undefined;
  return `${spec.hostname}.${spec.subdomain}.${metadata?.namespace ?? ''}.svc.${domain}`;
}
