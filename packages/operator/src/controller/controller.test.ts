import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pod, Secret } from '@reeve/api/core/v1';
import { Deployment } from '@reeve/api/apps/v1';
import { controller } from './controller.ts';
import { watch } from './watch.ts';

test('a controller is typed by its resource', () => {
  const made = controller(Deployment, {
    name: 'deployment',
    owns: [Pod],
    watches: [watch(Secret, { map: (secret) => [{ namespace: '', name: secret.type ?? '' }] })],
    async reconcile({ obj, own, status, read }) {
      const pod = await own(Pod, { metadata: { name: obj.metadata.name }, spec: { nodeName: 'a' } });
      status.set({ replicas: pod.spec?.containers.length ?? 0 });
      status.condition({ type: 'Ready', status: 'True', reason: 'Up', message: 'all pods run' });
      return { requeueAfterMs: read.ownedBy(Pod, obj).length };
    },
  });
  const gone = controller(Pod, {
    name: 'scheduler',
    missing: 'reconcile',
    reconcile({ obj }) {
      return obj?.spec?.nodeName === undefined ? { requeueAfterMs: 1 } : undefined;
    },
  });
  assert.deepEqual([made.name, gone.name, gone.options.missing], ['deployment', 'scheduler', 'reconcile']);
});
