import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EtcdAdmin } from '../etcd/admin.ts';
import { EtcdError } from '../etcd/etcd-error.ts';
import { report } from './example-facts.ts';
import { survey } from './survey.ts';

const refuse = (): Promise<never> => Promise.reject(new EtcdError('Unreachable', 'x'));
const silent: EtcdAdmin = {
  status: refuse,
  list: refuse,
  addLearner: refuse,
  promote: refuse,
  remove: refuse,
  moveLeader: refuse,
  hashKV: refuse,
  put: refuse,
  get: refuse,
  keep: () => undefined,
  close: () => undefined,
};
const endpoints = new Map(['db-1', 'db-2', 'db-3'].map((name) => [name, { address: name }]));
const list = { clusterID: 'c1', members: [] };

test('silence is an answer: nothing is known of a member, and of the cluster', async () => {
  const seen = await survey(silent, endpoints);
  assert.deepEqual([seen.reports.size, seen.list], [0, undefined]);
});

test('the leader is asked for the list first, then the others; never a learner or one without a leader', async () => {
  const asked: string[] = [];
  const seen = await survey(
    {
      ...silent,
      status: ({ address }) => {
        if (address === 'db-1') return Promise.resolve(report('a1', { leader: undefined }));
        return Promise.resolve(report(address === 'db-3' ? 'a3' : 'a2', { leader: 'a3' }));
      },
      list: ({ address }) => {
        asked.push(address);
        return address === 'db-2' ? Promise.resolve(list) : refuse();
      },
    },
    endpoints,
  );
  assert.deepEqual([asked, seen.list], [['db-3', 'db-2'], list]);
});
