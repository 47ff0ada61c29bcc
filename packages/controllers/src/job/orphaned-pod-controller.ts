import { Job } from '@reeve/api/batch/v1';
import { Pod } from '@reeve/api/core/v1';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller } from '@reeve/operator';
import { controllerOf } from '../owned-pod.ts';
import { untrack } from './job-controller.ts';
import { isTracked } from './job-pod.ts';

/** Frees pods whose job is gone of the tracking finalizer, which nobody else would take off. */
export function orphanedPodController(): Controller {
  return controller(Pod, {
    name: 'job-orphaned-pod',
    when: ({ object }) => isTracked(object),
    watches: [
      watch(Job, {
        map: ({ metadata }, { read }) =>
          read
            .list(Pod, { namespace: metadata.namespace ?? '' })
            .filter((pod) => isTracked(pod) && controllerOf(pod)?.uid === metadata.uid)
            .map(keyOf),
        when: ({ type }) => type === 'deleted',
      }),
    ],
    permissions: [{ apiGroups: [''], resources: ['pods'], verbs: ['patch'] }],
    async reconcile({ obj, read, client }) {
      const owner = controllerOf(obj);
      const isOfJob = owner?.kind === 'Job' && owner.apiVersion.startsWith('batch/');
      const job = isOfJob ? read.get(Job, { namespace: obj.metadata.namespace ?? '', name: owner.name }) : undefined;
      const isOwned = job !== undefined && job.metadata.uid === owner?.uid;
      if (isTracked(obj) && !isOwned) await untrack(client, obj);
    },
  });
}
