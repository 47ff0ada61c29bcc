import { formatTime } from '@reeve/api';
import { Node, Pod } from '@reeve/api/core/v1';
import { isNotFound } from '@reeve/kube';
import type { Stored } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { evictionTime } from './node-health.ts';

type Context = ReconcileContext<Pod, Stored<Pod>>;

/** Deletes pods that a NoExecute taint of their node drives away, when their tolerations run out. */
export function taintEvictionController(): Controller {
  return controller(Pod, {
    name: 'taint-eviction',
    eventSource: legacySource('taint-eviction-controller'),
    concurrency: 5,
    watches: [
      watch(Node, {
        map: ({ metadata }, { read }) =>
          read
            .list(Pod)
            .filter(({ spec }) => spec?.nodeName === metadata.name)
            .map(keyOf),
        when: ({ object, old }) => JSON.stringify(object.spec?.taints) !== JSON.stringify(old?.spec?.taints),
      }),
    ],
    permissions: [
      { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
      { apiGroups: [''], resources: ['pods/status'], verbs: ['patch'] },
    ],
    async reconcile(context) {
      const { obj, read, clock } = context;
      if (obj.metadata.deletionTimestamp !== undefined || !obj.spec?.nodeName) return undefined;
      const node = read.get(Node, { namespace: '', name: obj.spec.nodeName });
      const at = evictionTime(obj, node?.spec?.taints ?? [], clock.now());
      if (at === undefined) return undefined;
      if (at > clock.now()) return { requeueAfterMs: at - clock.now() };
      await evict(context);
      return undefined;
    },
  });
}

async function evict({ obj, client, clock, event }: Context): Promise<void> {
  const { namespace = '', name, uid } = obj.metadata;
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastTransitionTime: formatTime(clock.now()),
  };
  event({ reason: 'TaintManagerEviction', action: 'Killing', note: `Marking for deletion Pod ${namespace}/${name}` });
  const pods = client.of(Pod).in(namespace);
  await pods.status
    .patch(name, { strategic: { status: { conditions: [condition] } } })
    .then(() => pods.delete(name, { preconditions: { uid } }))
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
}
