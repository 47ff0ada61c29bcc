import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sleep } from '@reeve/api';
import { systemClock } from '@reeve/kube';
import { cacheDirOf, createImageStore } from '@reeve/node';
import { createAuthority, issueLeaf } from '@reeve/stateful';
import type { Credentials, Endpoint, EtcdAdmin, MemberList } from './admin.ts';
import { isEtcdError } from './etcd-error.ts';
import { grpcAdmin } from './grpc-admin.ts';

const hourMs = 3_600_000;

async function binaryOf(version: string): Promise<string> {
  const checkoutDir = new URL('../../../../', import.meta.url).pathname;
  const store = createImageStore({ cacheDir: cacheDirOf(process.env), checkoutDir, nodeBinary: process.execPath });
  const { layers, entrypoint } = await store.pull(`quay.io/coreos/etcd:v${version}`);
  return join(layers[0]!, entrypoint[0]!);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Real members on this machine, with the certificates that the operator would make. */
class Members implements AsyncDisposable {
  readonly admin: EtcdAdmin;
  readonly #binary: string;
  readonly #dir: string;
  readonly #ports = new Map<string, { readonly client: number; readonly peer: number }>();
  readonly #running = new Map<string, ChildProcess>();
  readonly words = new Map<string, string>();

  constructor(binary: string, dir: string, credentials: Credentials) {
    this.#binary = binary;
    this.#dir = dir;
    this.admin = grpcAdmin(systemClock, credentials);
  }

  static async open(version: string): Promise<Members> {
    const [binary, dir] = [await binaryOf(version), await mkdtemp(join(tmpdir(), 'reeve-etcd-'))];
    const at = { nowMs: systemClock.now(), validMs: hourMs };
    const authority = await createAuthority({ commonName: 'db', ...at });
    const names = { dnsNames: ['localhost'], addresses: ['127.0.0.1'] };
    await writeFile(join(dir, 'ca.crt'), authority.certificate);
    for (const name of ['server', 'peer']) {
      const leaf = await issueLeaf(authority, {
        commonName: `db-${name}`,
        ...names,
        usages: ['server', 'client'],
        ...at,
      });
      await writeFile(join(dir, `${name}.crt`), leaf.certificate);
      await writeFile(join(dir, `${name}.key`), leaf.key);
    }
    const client = await issueLeaf(authority, { commonName: 'db-client', usages: ['client'], ...at });
    return new Members(binary, dir, {
      authority: authority.certificate,
      certificate: client.certificate,
      key: client.key,
    });
  }

  at(name: string): Endpoint {
    return { address: `127.0.0.1:${this.#ports.get(name)!.client}`, serverName: 'localhost' };
  }

  peerURL(name: string): string {
    return `https://127.0.0.1:${this.#ports.get(name)!.peer}`;
  }

  async reserve(name: string): Promise<string> {
    this.#ports.set(name, { client: await freePort(), peer: await freePort() });
    return this.peerURL(name);
  }

  start(name: string, state: 'new' | 'existing', cluster: string): void {
    const dir = this.#dir;
    const client = `https://127.0.0.1:${this.#ports.get(name)!.client}`;
    const flags = {
      name,
      'data-dir': join(dir, name),
      'listen-peer-urls': this.peerURL(name),
      'listen-client-urls': client,
      'initial-advertise-peer-urls': this.peerURL(name),
      'advertise-client-urls': client,
      'initial-cluster': cluster,
      'initial-cluster-state': state,
      'initial-cluster-token': 'token',
      'cert-file': `${dir}/server.crt`,
      'key-file': `${dir}/server.key`,
      'trusted-ca-file': `${dir}/ca.crt`,
      'client-cert-auth': 'true',
      'peer-cert-file': `${dir}/peer.crt`,
      'peer-key-file': `${dir}/peer.key`,
      'peer-trusted-ca-file': `${dir}/ca.crt`,
      'peer-client-cert-auth': 'true',
      'peer-cert-allowed-cn': 'db-peer',
    };
    const child = spawn(
      this.#binary,
      Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child.stderr!.on('data', (chunk: Buffer) =>
      this.words.set(name, `${this.words.get(name) ?? ''}${chunk.toString()}`),
    );
    this.#running.set(name, child);
  }

  async kill(name: string): Promise<void> {
    const child = this.#running.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async exit(name: string): Promise<void> {
    const child = this.#running.get(name)!;
    if (child.exitCode === null) await once(child, 'exit');
  }

  wipe(name: string): Promise<void> {
    return rm(join(this.#dir, name), { recursive: true });
  }

  /** Adds a member as the operator does: learner, start, promotion. */
  async join(name: string, through: string): Promise<MemberList> {
    const peerURL = await this.reserve(name);
    const { members } = await eventually(() => this.admin.addLearner(this.at(through), peerURL));
    const cluster = members.map((member) => `${member.name || name}=${member.peerURLs[0]}`).join(',');
    this.start(name, 'existing', cluster);
    const id = members.find(({ peerURLs }) => peerURLs.includes(peerURL))!.id;
    return eventually(() => this.admin.promote(this.at(through), id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.admin.close();
    for (const name of this.#running.keys()) await this.kill(name);
    await rm(this.#dir, { recursive: true, force: true });
  }
}

/** Repeats what etcd refuses for now. */
async function eventually<T>(call: () => Promise<T>, limitMs = 30_000): Promise<T> {
  const end = systemClock.now() + limitMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isEtcdError(error) || !error.passing || systemClock.now() > end) throw error;
      await sleep(systemClock, 100);
    }
  }
}

for (const version of ['3.5.16', '3.4.23']) {
  test(`three members of ${version}: learners, promotion, leadership, a wiped disk, a lost majority`, async () => {
    await using members = await Members.open(version);
    const { admin } = members;
    await members.reserve('db-1');
    members.start('db-1', 'new', `db-1=${members.peerURL('db-1')}`);
    assert.equal((await eventually(() => admin.status(members.at('db-1')))).version, version);
    await members.join('db-2', 'db-1');
    await assert.rejects(admin.addLearner(members.at('db-1'), 'https://127.0.0.1:9'), (error) =>
      isEtcdError(error, 'Unhealthy'),
    );
    const { members: listed } = await members.join('db-3', 'db-1');
    assert.deepEqual(
      listed.map(({ learner }) => learner),
      [false, false, false],
    );

    await admin.put(members.at('db-2'), 'key', 'value');
    assert.equal(await admin.get(members.at('db-3'), 'key'), 'value');
    const hashes = await Promise.all(
      ['db-1', 'db-2', 'db-3'].map((name) => eventually(() => admin.hashKV(members.at(name), 0))),
    );
    assert.equal(new Set(hashes).size, 1);

    const second = listed.find(({ name }) => name === 'db-2')!.id;
    await admin.moveLeader(members.at('db-1'), second);
    assert.equal((await admin.status(members.at('db-3'))).leader, second);
    await assert.rejects(admin.moveLeader(members.at('db-1'), second), (error) => isEtcdError(error, 'NotLeader'));

    // The last to join, wiped after a change of leader: without the fence it would come back under its identity.
    await members.kill('db-3');
    await members.wipe('db-3');
    members.start('db-3', 'existing', `db-3=${members.peerURL('db-3')}`);
    await members.exit('db-3');
    assert.match(members.words.get('db-3') ?? '', /cannot fetch cluster info from peer urls/);

    await members.kill('db-2');
    await assert.rejects(admin.list(members.at('db-1')), (error) => isEtcdError(error, 'TimedOut', 'NoLeader'));
    assert.equal((await admin.status(members.at('db-1'))).learner, false);
  });
}
