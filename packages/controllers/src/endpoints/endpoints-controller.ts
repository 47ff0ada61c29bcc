import { Endpoints, Pod, Service } from '@reeve/api/core/v1';
import { isAlreadyExists, isNotFound } from '@reeve/kube';
import type { Stored } from '@reeve/kube';
import { controller, watch } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { isSame } from '../canonical-json.ts';
import { servicesOf } from '../endpoint-slice/endpoint-slice-controller.ts';
import { TRIGGER_TIME } from '../endpoint-slice/settle-slices.ts';
import { desiredSubsets } from './desired-subsets.ts';

const MANAGED = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };

type Context = ReconcileContext<Service, Stored<Service>>;

/** Keeps the Endpoints of services with a selector: deprecated (KEP-4974), but still read by tools. */
export function endpointsController(): Controller {
  return controller(Service, {
    name: 'endpoints',
    concurrency: 5,
    watches: [
      watch(Pod, {
        map: (pod, { read, change }) =>
          servicesOf([pod, change.old], read.list(Service, { namespace: pod.metadata.namespace ?? '' })),
      }),
      watch(Endpoints, {
        map: ({ metadata }) => [{ namespace: metadata.namespace ?? '', name: metadata.name }],
        when: ({ type }) => type === 'deleted',
      }),
    ],
    permissions: [{ apiGroups: [''], resources: ['endpoints'], verbs: ['create', 'update', 'delete'] }],
    async reconcile(context) {
      const { obj, read } = context;
      const selector = obj.spec?.selector;
      const isSelecting = selector !== undefined && Object.keys(selector).length > 0;
      if (!isSelecting || obj.spec?.type === 'ExternalName' || obj.metadata.deletionTimestamp !== undefined) return;
      const pods = read.list(Pod, { namespace: obj.metadata.namespace ?? '', labels: selector });
      await write(context, pods);
    },
    async deleted({ key, client }) {
      await client
        .of(Endpoints)
        .in(key.namespace)
        .delete(key.name)
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
    },
  });
}

async function write({ obj, read, client }: Context, pods: readonly Stored<Pod>[]): Promise<void> {
  const { namespace = '', name } = obj.metadata;
  const headless = obj.spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  const labels = { ...obj.metadata.labels, ...MANAGED, ...headless };
  const subsets = desiredSubsets(obj, pods);
  const current = read.get(Endpoints, { namespace, name });
  if (current && isSame(current.subsets ?? [], subsets) && isSame(current.metadata.labels, labels)) return;
  const annotations = { ...current?.metadata.annotations, [TRIGGER_TIME]: triggerTime(obj, pods) };
  const api = client.of(Endpoints).in(namespace);
  if (current) await api.update({ ...current, metadata: { ...current.metadata, labels, annotations }, subsets });
  else
    await api
      .create({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace, labels, annotations }, subsets })
      .catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
}

/** When the last pod became ready or not, else when the service was made. */
function triggerTime({ metadata }: Stored<Service>, pods: readonly Stored<Pod>[]): string {
  const times = pods.flatMap(
    ({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? [],
  );
  return times.toSorted().at(-1) ?? metadata.creationTimestamp;
}
