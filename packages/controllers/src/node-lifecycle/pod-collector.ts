import { formatTime } from '@reeve/api';
import { Node, Pod } from '@reeve/api/core/v1';
import { isConflict, isNotFound } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller } from '@reeve/operator';

/** How long a node must have been gone before its pods are removed: its object may only be being replaced. */
const QUARANTINE_MS = 20_000;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/**
 * Removes pods that nobody else can end: those of deleted nodes, terminating ones without a node, and terminating ones
 * on nodes that a person declared out of service (KEP-2268).
 */
export function podCollector(): Controller {
  const missingSince = new Map<string, number>();
  return controller(Pod, {
    name: 'pod-garbage-collector',
    watches: [
      watch(Node, {
        map: ({ metadata }, { read }) =>
          read
            .list(Pod)
            .filter(({ spec }) => spec?.nodeName === metadata.name)
            .map(keyOf),
        when: ({ type, object }) =>
          type === 'deleted' || (object.spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE),
      }),
    ],
    permissions: [
      { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
      { apiGroups: [''], resources: ['pods/status'], verbs: ['patch'] },
    ],
    async reconcile({ obj, read, client, clock }) {
      const nodeName = obj.spec?.nodeName ?? '';
      const isTerminating = obj.metadata.deletionTimestamp !== undefined;
      const node = nodeName === '' ? undefined : read.get(Node, { namespace: '', name: nodeName });
      const { namespace = '', name, uid } = obj.metadata;
      if (node) {
        missingSince.delete(nodeName);
        const isOut = (node.spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
        if (!isTerminating || !isOut) return undefined;
      } else if (nodeName !== '') {
        const since = missingSince.get(nodeName) ?? clock.now();
        missingSince.set(nodeName, since);
        const wait = since + QUARANTINE_MS - clock.now();
        if (wait > 0) return { requeueAfterMs: wait };
      } else if (!isTerminating) {
        return undefined;
      }
      const conditions = [
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByPodGC',
          message: 'PodGC: node no longer exists',
          lastTransitionTime: formatTime(clock.now()),
        },
      ];
      const isEnded = obj.status?.phase === 'Succeeded' || obj.status?.phase === 'Failed';
      const pods = client.of(Pod).in(namespace);
      const ignoreGone = (error: unknown): void => {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      };
      if (!isEnded)
        await pods.status.patch(name, { strategic: { status: { phase: 'Failed', conditions } } }).catch(ignoreGone);
      await pods.delete(name, { gracePeriodSeconds: 0, preconditions: { uid } }).catch(ignoreGone);
      return undefined;
    },
  });
}
