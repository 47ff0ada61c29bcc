import { PersistentVolumeClaim, Pod, ResourceQuota, Service } from '@reeve/api/core/v1';
import { discoverResources } from '@reeve/kube';
import type { APIResource, Client, Stored } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller, ObjectKey, Reader } from '@reeve/operator';
import { isSame } from '../canonical-json.ts';
import { listMetadata } from '../metadata-list.ts';
import { countedResources, quotaUsage } from './quota-usage.ts';
import type { Usage } from './quota-usage.ts';

/** How often kinds that are only counted are counted again: admission adds to them, deletion tells nobody. */
const RECOUNT_MS = 5000;

const isEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

function quotasBeside({ metadata }: Stored<object>, read: Reader): readonly ObjectKey[] {
  return read.list(ResourceQuota, { namespace: metadata.namespace ?? '' }).map(keyOf);
}

/** Keeps what quotas have used, by which admission refuses what would exceed them. */
export function quotaController(): Controller {
  return controller(ResourceQuota, {
    name: 'resourcequota',
    concurrency: 2,
    // Admission adds what comes; counting at the same moment from caches that are behind would take it away again.
    when: ({ object, old }) => !isSame(object.spec, old?.spec),
    watches: [
      watch(Pod, {
        map: (pod, { read }) => quotasBeside(pod, read),
        when: ({ type, object }) => type === 'deleted' || isEnded(object),
      }),
      watch(Service, {
        map: (service, { read }) => quotasBeside(service, read),
        when: ({ type }) => type === 'deleted',
      }),
      watch(PersistentVolumeClaim, {
        map: (claim, { read }) => quotasBeside(claim, read),
        when: ({ type }) => type === 'deleted',
      }),
    ],
    permissions: [
      { apiGroups: [''], resources: ['resourcequotas/status'], verbs: ['update'] },
      { apiGroups: ['*'], resources: ['*'], verbs: ['list'] },
    ],
    async reconcile({ obj, read, client }) {
      const { namespace = '', name } = obj.metadata;
      const counted = countedResources(obj);
      const used = quotaUsage(obj, {
        pods: read.list(Pod, { namespace }),
        services: read.list(Service, { namespace }),
        claims: read.list(PersistentVolumeClaim, { namespace }),
        counts: await countAll(client, namespace, counted),
      });
      const status = { hard: obj.spec?.hard ?? {}, used };
      if (!isSame(status, obj.status))
        await client
          .of(ResourceQuota)
          .in(namespace)
          .status.update(name, { ...obj, status });
      return counted.size > 0 ? { requeueAfterMs: RECOUNT_MS } : undefined;
    },
  });
}

async function countAll(client: Client, namespace: string, counted: ReadonlyMap<string, string>): Promise<Usage> {
  if (counted.size === 0) return {};
  const resources = await discoverResources(client);
  const counts = await Promise.all(
    [...counted].map(async ([name, resourceName]) => {
      const resource = resources.find((candidate) => nameOf(candidate) === resourceName);
      const count = resource ? (await listMetadata(client.of(resource).in(namespace))).items.length : 0;
      return [name, String(count)] as const;
    }),
  );
  return Object.fromEntries(counts);
}

const nameOf = ({ plural, group }: APIResource): string => (group === '' ? plural : `${plural}.${group}`);
