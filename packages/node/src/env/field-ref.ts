import type { Pod } from '@reeve/api/core/v1';

import { NodeError } from '../node-error.ts';

/** What the agent knows of a pod that its object does not say (yet). */
export interface PodFacts {
  readonly pod: Pod;
  readonly podIP: string;
  readonly hostIP: string;
}

type Reader = (facts: PodFacts) => string;

const plain: Readonly<Record<string, Reader>> = {
  'metadata.name': ({ pod }) => pod.metadata?.name ?? '',
  'metadata.namespace': ({ pod }) => pod.metadata?.namespace ?? '',
  'metadata.uid': ({ pod }) => pod.metadata?.uid ?? '',
  'metadata.labels': ({ pod }) => formatMap(pod.metadata?.labels),
  'metadata.annotations': ({ pod }) => formatMap(pod.metadata?.annotations),
  'spec.nodeName': ({ pod }) => pod.spec?.nodeName ?? '',
  'spec.serviceAccountName': ({ pod }) => pod.spec?.serviceAccountName ?? '',
  'status.hostIP': ({ hostIP }) => hostIP,
  'status.hostIPs': ({ hostIP }) => hostIP,
  'status.podIP': ({ podIP }) => podIP,
  'status.podIPs': ({ podIP }) => podIP,
};

/** The value of a downward API field: `metadata.name`, `metadata.labels['app']`, `status.podIP` … */
export function fieldValue(fieldPath: string, facts: PodFacts): string {
  const reader = plain[fieldPath];
  if (reader !== undefined) return reader(facts);
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath) ?? [];
  if (map === undefined || key === undefined) {
    throw new NodeError(
      'InvalidPod',
      `the field path ${fieldPath} is not supported; known are ${Object.keys(plain).join(', ')}`,
    );
  }
  const metadata = facts.pod.metadata ?? {};
  return (map === 'labels' ? metadata.labels : metadata.annotations)?.[key] ?? '';
}

// One `key="value"` a line, sorted, as downward API files have it.
function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
