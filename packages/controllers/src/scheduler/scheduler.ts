import { formatTime } from '@reeve/api';
import { Binding, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import type { PodCondition } from '@reeve/api/core/v1';
import { StorageClass } from '@reeve/api/storage/v1';
import type { Client, Stored } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { CacheOptions, Controller, ObjectKey, Reader } from '@reeve/operator';
import { claimNames, waitsForConsumer } from './claims.ts';
import { nodeView } from './cluster-view.ts';
import type { ClusterView } from './cluster-view.ts';
import { place } from './placement.ts';

/** Told by the scheduler to the volume controllers where a claim's first pod goes (KEP-490). */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

const SCHEDULER = 'default-scheduler';
/** Pods by node; '' holds those without one. */
const byNode: CacheOptions<Pod> = { indexes: { node: (pod) => [pod.spec?.nodeName ?? ''] } };

const isWaiting = (pod: Pod): boolean =>
  !pod.spec?.nodeName && pod.spec?.schedulerName === SCHEDULER && pod.metadata?.deletionTimestamp === undefined;

/** The keys of all pods that wait for a node: something has changed that may help them. */
function waiting(read: Reader): readonly ObjectKey[] {
  return read.by(Pod, 'node', '').filter(isWaiting).map(keyOf);
}

/** Binds pods to nodes: filters, scores and messages of the default scheduler, without preemption. */
export function schedulerController(): Controller {
  /** Bound by this process, but not yet seen so in the cache: node by pod uid. */
  const assumed = new Map<string, string>();
  return controller(Pod, {
    name: SCHEDULER,
    eventSource: { controller: SCHEDULER },
    cache: byNode,
    when: ({ object }) => isWaiting(object),
    watches: [
      watch(Node, { map: (_, { read }) => waiting(read) }),
      watch(Pod, {
        ...byNode,
        map: (_, { read }) => waiting(read),
        when: ({ type, object }) => type === 'deleted' || isEnded(object),
      }),
      watch(PersistentVolumeClaim, { map: (_, { read }) => waiting(read) }),
      watch(PersistentVolume, { map: (_, { read }) => waiting(read) }),
    ],
    reads: [Namespace, StorageClass],
    permissions: [
      { apiGroups: [''], resources: ['pods/binding'], verbs: ['create'] },
      { apiGroups: [''], resources: ['pods/status'], verbs: ['patch'] },
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['patch'] },
    ],
    async reconcile({ obj, read, client, event }) {
      if (!isWaiting(obj)) return;
      if ((obj.spec?.schedulingGates ?? []).length > 0) {
        await setScheduled(client, obj, {
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
        });
        return;
      }
      const view = viewOf(read, assumed);
      const placement = place(obj, view);
      if ('message' in placement) {
        const isNew = await setScheduled(client, obj, {
          status: 'False',
          reason: 'Unschedulable',
          message: placement.message,
        });
        if (isNew)
          event({ type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note: placement.message });
        return;
      }
      if (await selectNodeForClaims(client, obj, view, placement.node)) return;
      await bind(client, obj, placement.node);
      assumed.set(obj.metadata.uid, placement.node);
      event({
        reason: 'Scheduled',
        action: 'Binding',
        note: `Successfully assigned ${obj.metadata.namespace}/${obj.metadata.name} to ${placement.node}`,
      });
    },
  });
}

const isEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

function viewOf(read: Reader, assumed: Map<string, string>): ClusterView {
  const unbound = read.by(Pod, 'node', '');
  const uids = new Set(unbound.map(({ metadata }) => metadata.uid));
  for (const uid of assumed.keys()) if (!uids.has(uid)) assumed.delete(uid);
  const nodes = read.list(Node).map((node) => {
    const { name } = node.metadata;
    const arriving = unbound.filter(({ metadata }) => assumed.get(metadata.uid) === name);
    return nodeView(node, [...read.by(Pod, 'node', name), ...arriving]);
  });
  return {
    nodes,
    namespaces: read.list(Namespace),
    claim: (namespace, name) => read.get(PersistentVolumeClaim, { namespace, name }),
    volume: (name) => (name === '' ? undefined : read.get(PersistentVolume, { namespace: '', name })),
    storageClass: (name) => (name === '' ? undefined : read.get(StorageClass, { namespace: '', name })),
  };
}

/** Asks for volumes on the chosen node where the class waits for that; the pod is bound once the claims are. */
async function selectNodeForClaims(
  client: Client,
  pod: Stored<Pod>,
  view: ClusterView,
  node: string,
): Promise<boolean> {
  const namespace = pod.metadata.namespace ?? '';
  const unbound = claimNames(pod)
    .map((name) => view.claim(namespace, name))
    .filter((claim) => claim !== undefined && !claim.spec?.volumeName && waitsForConsumer(claim, view));
  for (const claim of unbound) {
    if (claim?.metadata?.annotations?.[SELECTED_NODE] !== undefined) continue;
    const merge = { metadata: { annotations: { [SELECTED_NODE]: node } } };
    await client
      .of(PersistentVolumeClaim)
      .in(namespace)
      .patch(claim?.metadata?.name ?? '', { merge });
  }
  return unbound.length > 0;
}

async function bind(client: Client, { metadata }: Stored<Pod>, node: string): Promise<void> {
  const namespace = metadata.namespace ?? '';
  await client
    .of(Binding)
    .in(namespace)
    .create({
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: metadata.name, namespace, uid: metadata.uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    });
}

/** Writes the PodScheduled condition if it says something new; true if it does. */
async function setScheduled(
  client: Client,
  pod: Stored<Pod>,
  wanted: Pick<PodCondition, 'status' | 'reason' | 'message'>,
): Promise<boolean> {
  const current = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (current?.status === wanted.status && current.reason === wanted.reason && current.message === wanted.message)
    return false;
  const since = formatTime(client.clock.now());
  const lastTransitionTime = current?.status === wanted.status ? current.lastTransitionTime : since;
  const condition = { type: 'PodScheduled', ...wanted, lastTransitionTime };
  await client
    .of(Pod)
    .in(pod.metadata.namespace ?? '')
    .status.patch(pod.metadata.name, { strategic: { status: { conditions: [condition] } } });
  return true;
}
