import type { WireResponse } from '@reeve/api';
import { collectionOf } from '../operations/storage-form.ts';
import type { Core } from '../parts.ts';
import { bytesAnswer } from './plain-answer.ts';

const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

/** `/metrics` in Prometheus' text format, under kube-apiserver's names: how many objects there are of each resource. */
export function metricsAnswer({ store, registry }: Core): WireResponse {
  const counts = new Map<string, number>();
  for (const resource of registry.all()) {
    const name = collectionOf(resource);
    counts.set(name, store.collection(name).size);
  }
  const lines = [
    '# HELP apiserver_resource_objects Number of stored objects by resource.',
    '# TYPE apiserver_resource_objects gauge',
    ...[...counts].sort().map(([name, count]) => `apiserver_resource_objects{resource="${name}"} ${count}`),
    '# HELP apiserver_storage_revision Newest version of any object.',
    '# TYPE apiserver_storage_revision counter',
    `apiserver_storage_revision ${store.revision}`,
  ];
  return bytesAnswer(Buffer.from(`${lines.join('\n')}\n`), 200, contentType);
}
