import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EtcdClusterSpec } from '../api/spec.ts';
import type { ClusterIdentity } from '../names.ts';
import { memberClaim } from './claim.ts';
import { moreThan } from './extra-resources.ts';
import type { Start } from './flags.ts';
import { memberPod, podFingerprint } from './pod.ts';
import { probes } from './probes.ts';
import { clientService, peerService } from './services.ts';
import { trialPod } from './trial-pod.ts';

const spec: EtcdClusterSpec = { clusterSize: 3, version: 'v3.5.16' };
const identity = (more: Partial<EtcdClusterSpec> = {}): ClusterIdentity => ({
  name: 'db',
  namespace: 'ns',
  uid: 'u-1',
  spec: { ...spec, ...more },
  clusterDomain: 'cluster.local',
});
const flagsOf = (start: Start, more: Partial<EtcdClusterSpec> = {}): readonly string[] => {
  const pod = memberPod(identity(more), { ...spec, ...more }, 'db-2', start, true);
  const annotations = Object.entries(pod.metadata?.annotations ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...(pod.spec?.containers[0]?.command ?? []), ...annotations];
};
const peer = (name: string): string => `https://${name}.db-peers.ns.svc:2380`;
const others = [
  { name: 'db-1', peerURL: peer('db-1') },
  { name: 'db-2', peerURL: peer('db-2') },
];

const flagCases: readonly { title: string; flags: readonly string[]; has?: readonly string[]; lacks?: RegExp }[] = [
  {
    title: 'the first member starts a new cluster of itself',
    flags: flagsOf({ kind: 'seed' }),
    has: [
      'etcd.reeve.dev/initial-cluster-state=new',
      `etcd.reeve.dev/initial-cluster=db-2=${peer('db-2')}`,
      '--initial-cluster-token=ns-db-u-1',
    ],
  },
  {
    title: 'a joining member is told the members that etcd lists',
    flags: flagsOf({ kind: 'join', cluster: others }),
    has: [
      'etcd.reeve.dev/initial-cluster-state=existing',
      `etcd.reeve.dev/initial-cluster=db-1=${peer('db-1')},db-2=${peer('db-2')}`,
    ],
  },
  {
    title: 'a member with data is fenced: existing, and only itself',
    flags: flagsOf({ kind: 'fenced' }),
    has: ['etcd.reeve.dev/initial-cluster-state=existing', `etcd.reeve.dev/initial-cluster=db-2=${peer('db-2')}`],
  },
  {
    title: 'peers and clients need certificates',
    flags: flagsOf({ kind: 'seed' }),
    has: ['--client-cert-auth=true', '--peer-client-cert-auth=true', '--peer-cert-allowed-cn=db-peer'],
  },
  {
    title: 'without TLS there are none',
    flags: flagsOf({ kind: 'seed' }, { tls: { mode: 'Disabled' } }),
    has: ['--listen-client-urls=http://0.0.0.0:2379'],
    lacks: /cert|https/,
  },
  {
    title: 'options become flags',
    flags: flagsOf({ kind: 'seed' }, { options: { snapshotCount: 5000, autoCompactionMode: 'periodic' } }),
    has: ['--snapshot-count=5000', '--auto-compaction-mode=periodic'],
  },
  {
    title: '3.4 is told to hold pre-votes',
    flags: flagsOf({ kind: 'seed' }, { version: '3.4.23' }),
    has: ['--pre-vote=true'],
  },
  { title: 'later versions do so by themselves', flags: flagsOf({ kind: 'seed' }), lacks: /pre-vote/ },
];
for (const { title, flags, has = [], lacks } of flagCases) {
  test(title, () => {
    for (const flag of has) assert.ok(flags.includes(flag), `${flag} in ${flags.join(' ')}`);
    if (lacks) assert.doesNotMatch(flags.join(' '), lacks);
  });
}

test('how a member starts does not make its pod another', () => {
  const mark = (start: Start) =>
    memberPod(identity(), spec, 'db-2', start, true).metadata?.annotations?.['etcd.reeve.dev/fingerprint'];
  assert.equal(mark({ kind: 'seed' }), mark({ kind: 'fenced' }));
  assert.equal(mark({ kind: 'fenced' }), podFingerprint(identity(), spec, 'db-2'));
  assert.notEqual(
    podFingerprint(identity(), { ...spec, version: 'v3.5.30' }, 'db-2'),
    podFingerprint(identity(), spec, 'db-2'),
  );
});

test('the size of the cluster is no part of its pods', () => {
  assert.equal(podFingerprint(identity({ clusterSize: 5 }), spec, 'db-2'), podFingerprint(identity(), spec, 'db-2'));
});

test('liveness never depends on a quorum', () => {
  assert.deepEqual(Object.keys(probes.livenessProbe), [
    'tcpSocket',
    'periodSeconds',
    'timeoutSeconds',
    'failureThreshold',
  ]);
  assert.deepEqual(probes.startupProbe.tcpSocket, { port: 2380 });
});

test('clients are sent to voters only, peers find everyone', () => {
  const learner = memberPod(identity(), spec, 'db-2', { kind: 'fenced' }, false).metadata?.labels ?? {};
  const matches = (selector: Readonly<Record<string, string>> = {}): boolean =>
    Object.entries(selector).every(([key, value]) => learner[key] === value);
  assert.equal(matches(clientService(identity()).spec?.selector), false);
  assert.equal(matches(peerService(identity()).spec?.selector), true);
  assert.equal(peerService(identity()).spec?.publishNotReadyAddresses, true);
});

test('labels of the user never replace those of the operator', () => {
  const podTemplate = { labels: { team: 'a', 'etcd.reeve.dev/cluster': 'other' } };
  const { labels } = memberPod(identity(), { ...spec, podTemplate }, 'db-2', { kind: 'fenced' }, true).metadata ?? {};
  assert.equal(labels?.team, 'a');
  assert.equal(labels?.['etcd.reeve.dev/cluster'], 'db');
});

test('etcdctl works in a member without flags', () => {
  const env = memberPod(identity(), spec, 'db-2', { kind: 'fenced' }, true).spec?.containers[0]?.env ?? [];
  assert.deepEqual(env.find(({ name }) => name === 'ETCDCTL_ENDPOINTS')?.value, 'https://127.0.0.1:2379');
  assert.ok(env.some(({ name }) => name === 'ETCDCTL_CERT'));
});

test('memory is an emptyDir, a disk is a claim of the member', () => {
  const dataOf = (more: Partial<EtcdClusterSpec>) =>
    memberPod(identity(more), spec, 'db-2', { kind: 'fenced' }, true).spec?.volumes?.[0];
  assert.deepEqual(dataOf({ storage: { medium: 'Memory', size: '1Gi' } })?.emptyDir, {
    medium: 'Memory',
    sizeLimit: '1Gi',
  });
  assert.deepEqual(dataOf({})?.persistentVolumeClaim, { claimName: 'db-2' });
  assert.deepEqual(memberClaim(identity(), 'db-2').spec?.resources?.requests, { storage: '4Gi' });
});

test('a trial asks for what the change adds, and is no member', () => {
  const wanted = { ...spec, resources: { requests: { cpu: '1', memory: '1Gi' } } };
  const current = { ...spec, resources: { requests: { cpu: '400m', memory: '2Gi' } } };
  const pod = trialPod(identity(), wanted, current, 'f');
  assert.deepEqual(pod.spec?.containers[0]?.resources?.requests, { cpu: '600m' });
  assert.equal(pod.metadata?.labels?.['etcd.reeve.dev/cluster'], undefined);
  assert.deepEqual(moreThan({ cpu: 1 }, {}), { cpu: '1' });
});
