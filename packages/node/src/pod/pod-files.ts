import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Pod } from '@reeve/api/core/v1';

/** Names and addresses that go into a pod's /etc. */
export interface PodFilesInput {
  readonly pod: Pod;
  readonly podIP: string;
  readonly hostname: string;
  readonly dnsAddress: string;
  readonly clusterDomain: string;
}

/** A pod's host name: its own choice, else its name, at most 63 characters. */
export function hostnameOf({ metadata, spec }: Pod): string {
  const name = spec?.hostname || (metadata?.name ?? '');
  return name.slice(0, 63).replace(/[-.]+$/, '');
}

/** Writes `hosts`, `hostname` and `resolv.conf` for a pod. */
export function writePodFiles(directory: string, input: PodFilesInput): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'hosts'), hostsFile(input));
  writeFileSync(join(directory, 'hostname'), `${input.hostname}\n`);
  writeFileSync(join(directory, 'resolv.conf'), resolverFile(input));
}

function hostsFile({ pod, podIP, hostname, clusterDomain }: PodFilesInput): string {
  const { subdomain } = pod.spec ?? {};
  const full = subdomain ? `${hostname}.${subdomain}.${pod.metadata?.namespace ?? ''}.svc.${clusterDomain}\t` : '';
  const aliases = (pod.spec?.hostAliases ?? []).map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}`);
  return [
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    `${podIP}\t${full}${hostname}`,
    ...aliases,
    '',
  ].join('\n');
}

/** Exported for its table of tests: what a pod's resolver reads. */
export function resolverFile({ pod, dnsAddress, clusterDomain }: PodFilesInput): string {
  const { dnsPolicy = 'ClusterFirst', dnsConfig = {} } = pod.spec ?? {};
  if (dnsPolicy === 'Default' && dnsConfig.nameservers === undefined) return readFileSync('/etc/resolv.conf', 'utf8');
  const namespace = pod.metadata?.namespace ?? '';
  const isCluster = dnsPolicy === 'ClusterFirst' || dnsPolicy === 'ClusterFirstWithHostNet';
  const servers = [...(isCluster ? [dnsAddress] : []), ...(dnsConfig.nameservers ?? [])];
  const searches = [
    ...(isCluster ? [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain] : []),
    ...(dnsConfig.searches ?? []),
  ];
  const options = new Map<string, string | undefined>(isCluster ? [['ndots', '5']] : []);
  for (const { name = '', value } of dnsConfig.options ?? []) options.set(name, value);
  const optionWords = [...options].map(([name, value]) => (value === undefined ? name : `${name}:${value}`));
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.slice(0, 3).map((server) => `nameserver ${server}`),
    ...(optionWords.length > 0 ? [`options ${optionWords.join(' ')}`] : []),
    '',
  ].join('\n');
}
