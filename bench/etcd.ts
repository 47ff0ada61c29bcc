import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { Pod } from '@reeve/api/core/v1';
import { createClient, httpTransport, loadKubeConfig } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import { EtcdTour } from '../apps/cli/src/etcd-tour.ts';
import { Command } from './process.ts';
import { row } from './row.ts';
import type { Row } from './row.ts';

const WRITER = 'bench-writer';

/** Creation and healing of a real cluster of three, and the longest gap between acknowledged writes that a client saw. */
export async function benchEtcd(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  try {
    await using command = new Command(['up', '--name', 'bench', '--nodes', '4'], { REEVE_HOME: home });
    await command.until(/is ready at/);
    const client = createClient(httpTransport(await loadKubeConfig({ path: join(home, 'bench', 'kubeconfig') })));
    const rows = await measure(client, new EtcdTour(client, () => undefined));
    await client.close();
    return rows;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function measure(client: Client, tour: EtcdTour): Promise<readonly Row[]> {
  await tour.installOperator();
  await operatorReady(client);
  const created = await seconds(async () => {
    await tour.ensureExample();
    await tour.untilReady(3);
  });
  await startWriter(client);
  const leaderOf = async (): Promise<string> => (await tour.get()).status?.leader ?? '';
  const follower = async (): Promise<string> =>
    (await tour.members()).find(({ metadata }) => metadata.name !== leader)?.metadata.name ?? '';
  const leader = await leaderOf();
  const rows = [row('etcd: three members ready after apply', created, 's', '10 s')];
  const faults: readonly (readonly [string, string, () => Promise<void>])[] = [
    ['a member killed', '10 s', async () => tour.crash(await follower())],
    ['the leader killed', '10 s', async () => tour.crash(await leaderOf())],
    ['a claim lost', '20 s', async () => tour.loseDisk(await follower())],
  ];
  for (const [name, aim, fault] of faults) {
    await sleep(2000);
    const since = Date.now();
    const healed = await seconds(async () => {
      await fault();
      await tour.untilReady(3);
    });
    rows.push(row(`etcd: ${name}, until Ready again`, healed, 's', aim));
    await sleep(2000);
    rows.push(row(`etcd: ${name}, longest gap between acknowledged writes`, await longestGap(client, since), 's'));
  }
  return rows;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function operatorReady(client: Client): Promise<void> {
  for (;;) {
    const { items } = await client.of(Pod).in('reeve-system').list();
    if (
      items.some(({ status }) =>
        status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
      )
    )
      return;
    await sleep(100);
  }
}

/** A pod that puts one key after another through the client Service and prints when each was acknowledged. */
async function startWriter(client: Client): Promise<void> {
  const put = 'etcdctl put bench $(date +%s%3N) --command-timeout=1s >/dev/null 2>&1 && date +%s%3N';
  await client
    .of(Pod)
    .in('default')
    .create({
      metadata: { name: WRITER },
      spec: {
        containers: [
          {
            name: 'writer',
            image: 'quay.io/coreos/etcd:v3.5.16',
            command: ['sh', '-c', `while :; do ${put}; done`],
            env: [
              { name: 'ETCDCTL_ENDPOINTS', value: 'https://example-client.default.svc:2379' },
              { name: 'ETCDCTL_CACERT', value: '/tls/ca.crt' },
              { name: 'ETCDCTL_CERT', value: '/tls/tls.crt' },
              { name: 'ETCDCTL_KEY', value: '/tls/tls.key' },
            ],
            volumeMounts: [{ name: 'tls', mountPath: '/tls' }],
          },
        ],
        volumes: [{ name: 'tls', secret: { secretName: 'example-client-tls' } }],
      },
    });
  while ((await writes(client)).length < 5) await sleep(200);
}

async function writes(client: Client): Promise<readonly number[]> {
  const log = await client
    .pods('default')
    .log(WRITER)
    .catch(() => undefined);
  return log === undefined ? [] : (await text(log)).split('\n').filter(Boolean).map(Number);
}

async function longestGap(client: Client, since: number): Promise<number> {
  const times = (await writes(client)).filter((time) => time >= since - 1000);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return Math.max(0, ...gaps) / 1000;
}
