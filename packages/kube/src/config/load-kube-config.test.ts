import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { virtualClock } from '@reeve/testing';
import { KubeError } from '../kube-error.ts';
import { inClusterConfig } from './in-cluster.ts';
import { parseKubeConfig } from './kube-config.ts';
import { connectionOf, loadKubeConfig } from './load-kube-config.ts';
import { environmentProxy } from './proxy.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Parts {
  readonly cluster?: string;
  readonly user?: string;
  readonly context?: string;
}

/** A kubeconfig with one of each, in flow style. */
function config({ cluster = '', user = '', context = '' }: Parts = {}): string {
  return `apiVersion: v1
kind: Config
current-context: c
clusters: [{ name: cl, cluster: { server: "https://k.test:6443", ${cluster} } }]
users: [{ name: u, user: { ${user} } }]
contexts: [{ name: c, context: { cluster: cl, user: u, ${context} } }]
`;
}

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  await writeFile(join(directory, 'ca.pem'), 'CA FILE');
  await writeFile(join(directory, 'token'), 'first\n');
  await writeFile(join(directory, 'client.pem'), 'CERT FILE');
  await writeFile(join(directory, 'client.key'), 'KEY FILE');
});
after(() => rm(directory, { recursive: true }));

const connect = (text: string, env: Record<string, string> = {}) =>
  connectionOf(parseKubeConfig([{ file: join(directory, 'config'), text }]), { env });

describe('a kubeconfig gives', () => {
  test('server, authority and namespace', async () => {
    const data = `certificate-authority-data: ${base64('CA')}`;
    const connection = await connect(config({ cluster: data, context: 'namespace: team' }));
    assert.deepEqual(connection, { server: 'https://k.test:6443', ca: 'CA', namespace: 'team' });
  });

  test('files relative to where it lies, data before files', async () => {
    const connection = await connect(config({ cluster: 'certificate-authority: ca.pem' }));
    assert.equal(connection.ca, 'CA FILE');
    const both = `certificate-authority: ca.pem, certificate-authority-data: ${base64('CA')}`;
    assert.equal((await connect(config({ cluster: both }))).ca, 'CA');
  });

  test('a client certificate in place', async () => {
    const user = `client-certificate-data: ${base64('CERT')}, client-key-data: ${base64('KEY')}`;
    const { cert, key, credentials } = await connect(config({ user }));
    assert.deepEqual([cert, key, credentials], ['CERT', 'KEY', undefined]);
  });

  test('a client certificate from files, which may be rotated', async () => {
    const { credentials } = await connect(config({ user: 'client-certificate: client.pem, client-key: client.key' }));
    assert.deepEqual(await credentials?.current(), { cert: 'CERT FILE', key: 'KEY FILE' });
  });

  test('tokens, passwords and impersonation', async () => {
    assert.equal((await connect(config({ user: 'token: abc' }))).token, 'abc');
    const basic = await connect(config({ user: 'username: me, password: pw' }));
    assert.deepEqual(basic.basic, { username: 'me', password: 'pw' });
    const as = await connect(config({ user: 'as: bob, as-groups: [dev], as-uid: "7", as-user-extra: { scope: [a] }' }));
    assert.deepEqual(as.impersonate, { user: 'bob', uid: '7', groups: ['dev'], extra: { scope: ['a'] } });
  });

  test('verification as the user wants it, and a proxy', async () => {
    const cluster = 'insecure-skip-tls-verify: true, tls-server-name: other.test, proxy-url: "http://p.test:3128"';
    const { insecureSkipTLSVerify, serverName, proxy } = await connect(config({ cluster }));
    assert.deepEqual([insecureSkipTLSVerify, serverName, proxy], [true, 'other.test', 'http://p.test:3128']);
    assert.equal((await connect(config(), { HTTPS_PROXY: 'http://env.test:1' })).proxy, 'http://env.test:1');
  });

  test('a token file that is read again after a minute, or when the server said 401', async () => {
    const clock = virtualClock();
    const file = join(directory, 'token');
    const text = config({ user: 'tokenFile: token, token: ignored' });
    const { credentials } = await connectionOf(parseKubeConfig([{ file: join(directory, 'config'), text }]), {
      clock,
      env: {},
    });
    assert.deepEqual(await credentials?.current(), { token: 'first' });
    await writeFile(file, 'second');
    assert.deepEqual(await credentials?.current(), { token: 'first' });
    await clock.advance(60_000);
    assert.deepEqual(await credentials?.current(), { token: 'second' });
    await writeFile(file, 'third');
    credentials?.renew();
    assert.deepEqual(await credentials?.current(), { token: 'third' });
  });
});

test('several files are merged, the first to name something wins', async () => {
  const first = join(directory, 'first');
  const second = join(directory, 'second');
  await writeFile(first, 'kind: Config\nusers: [{ name: u, user: { token: one } }]\n');
  await writeFile(second, config({ user: 'token: two' }));
  const missing = join(directory, 'missing');
  const connection = await loadKubeConfig({ env: { KUBECONFIG: `${missing}:${first}:${second}` } });
  assert.deepEqual([connection.token, connection.server], ['one', 'https://k.test:6443']);
});

const mistakes: readonly { name: string; text: string; context?: string; says: RegExp }[] = [
  { name: 'something that is not YAML', text: 'a: [b', says: /is not YAML/ },
  { name: 'something that is no mapping', text: 'hello', says: /not a mapping/ },
  { name: 'another kind', text: 'kind: Pod', says: /holds a Pod, not a kubeconfig/ },
  { name: 'no current context', text: 'kind: Config', says: /no current-context/ },
  { name: 'an unknown context', text: config(), context: 'x', says: /no context x; it has: c/ },
  {
    name: 'an unknown cluster',
    text: config().replace('name: cl,', 'name: other,'),
    says: /no cluster cl; it has: other/,
  },
  { name: 'an unknown user', text: config({ context: 'user: v' }).replace('user: u, ', ''), says: /no user v/ },
  {
    name: 'a broken server address',
    text: config().replace('https://k.test:6443', 'k'),
    says: /valid server address: k/,
  },
  {
    name: 'a missing file',
    text: config({ cluster: 'certificate-authority: none.pem' }),
    says: /none\.pem as certificate-authority/,
  },
  { name: 'an entry without a name', text: config().replace('name: u,', ''), says: /users\[0\]/ },
  {
    name: 'a removed auth provider',
    text: config({ user: 'auth-provider: { name: gcp }' }),
    says: /gcp .*exec plugin/,
  },
];

for (const { name, text, context, says } of mistakes) {
  test(`a kubeconfig with ${name} gives one clear sentence`, async () => {
    const failing = async () =>
      connectionOf(parseKubeConfig([{ file: join(directory, 'config'), text }]), {
        env: {},
        ...(context === undefined ? {} : { context }),
      });
    await assert.rejects(
      failing,
      (error) => error instanceof KubeError && says.test(error.message) && !error.message.includes('\n'),
    );
  });
}

test('no kubeconfig at all says where it was looked for', async () => {
  await assert.rejects(
    loadKubeConfig({ env: { HOME: join(directory, 'nobody') } }),
    /nobody\/\.kube\/config: set KUBECONFIG/,
  );
});

test('in a pod, the service account is used', async () => {
  const mounted = join(directory, 'account');
  await mkdir(mounted);
  for (const [file, text] of [
    ['token', 'tok'],
    ['ca.crt', 'CA'],
    ['namespace', 'ns\n'],
  ] as const) {
    await writeFile(join(mounted, file), text);
  }
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const { server, ca, namespace, credentials } = await inClusterConfig({ env, directory: mounted });
  assert.deepEqual([server, ca, namespace], ['https://[fd00::1]:443', 'CA', 'ns']);
  assert.deepEqual(await credentials?.current(), { token: 'tok' });
  await assert.rejects(inClusterConfig({ env: {} }), /not in a cluster/);
});

const proxies: readonly { server: string; env: Record<string, string>; gives: string | undefined }[] = [
  { server: 'https://k.test', env: { HTTPS_PROXY: 'http://p' }, gives: 'http://p' },
  { server: 'https://k.test', env: { https_proxy: 'http://p' }, gives: 'http://p' },
  { server: 'http://k.test', env: { HTTPS_PROXY: 'http://p' }, gives: undefined },
  { server: 'https://k.test', env: { HTTPS_PROXY: 'http://p', NO_PROXY: 'x,.test' }, gives: undefined },
  { server: 'https://k.test', env: { HTTPS_PROXY: 'http://p', NO_PROXY: '*' }, gives: undefined },
  { server: 'https://ktest', env: { HTTPS_PROXY: 'http://p', NO_PROXY: 'test' }, gives: 'http://p' },
  { server: 'https://127.0.0.1:6443', env: { HTTPS_PROXY: 'http://p' }, gives: undefined },
];

for (const { server, env, gives } of proxies) {
  test(`the proxy for ${server} under ${JSON.stringify(env)} is ${gives ?? 'none'}`, () => {
    assert.equal(environmentProxy(server, env), gives);
  });
}

describe('a credential plugin', () => {
  const plugin = async (name: string, script: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const load = async (command: string, clock = virtualClock(), more = '') => {
    const text = config({
      user: `exec: { apiVersion: client.authentication.k8s.io/v1, command: ${command}, interactiveMode: Never, provideClusterInfo: true, ${more} }`,
    });
    const loaded = await connectionOf(parseKubeConfig([{ file: join(directory, 'config'), text }]), {
      clock,
      env: process.env,
    });
    assert.ok(loaded.credentials);
    return loaded.credentials;
  };
  const credential = (status: string) =>
    `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${status}}`;

  test('runs once for many requests, again shortly before its credential expires, and when asked', async () => {
    const clock = virtualClock();
    const expires = new Date(clock.now() + 100_000).toISOString();
    const counter = join(directory, 'runs');
    const status = `{"token":"t'$(wc -l < ${counter})'","expirationTimestamp":"${expires}"}`;
    const credentials = await load(
      await plugin('count', `echo x >> ${counter}\necho '${credential(status)}' | tr -d ' '`),
      clock,
    );
    const both = await Promise.all([credentials.current(), credentials.current()]);
    assert.deepEqual(both, [{ token: 't1' }, { token: 't1' }]);
    await clock.advance(60_000);
    assert.deepEqual(await credentials.current(), { token: 't1' });
    await clock.advance(11_000);
    assert.deepEqual(await credentials.current(), { token: 't2' }, 'within thirty seconds of its end');
    credentials.renew();
    assert.deepEqual(await credentials.current(), { token: 't3' });
  });

  test('learns about the cluster and its own environment', async () => {
    const status = '{"token":"\'"$EXTRA $(echo $KUBERNETES_EXEC_INFO | grep -c k.test)"\'"}';
    const command = await plugin('info', `echo '${credential(status)}'`);
    const credentials = await load(command, virtualClock(), 'env: [{ name: EXTRA, value: more }]');
    assert.deepEqual(await credentials.current(), { token: 'more 1' });
  });

  test('may give a certificate', async () => {
    const command = await plugin('cert', `echo '${credential('{"clientCertificateData":"C","clientKeyData":"K"}')}'`);
    assert.deepEqual(await (await load(command)).current(), { cert: 'C', key: 'K' });
  });

  const broken: readonly { name: string; script: string; says: RegExp }[] = [
    { name: 'fails', script: 'exit 3', says: /ended with exit code 3\nInstall it/ },
    { name: 'prints nonsense', script: 'echo hello', says: /not an ExecCredential in JSON/ },
    { name: 'gives nothing', script: `echo '${credential('{}')}'`, says: /neither a token nor a certificate/ },
  ];
  for (const { name, script, says } of broken) {
    test(`that ${name} is named, with its hint`, async () => {
      const command = await plugin(name.replace(' ', '-'), script);
      await assert.rejects(
        async () => (await load(command, virtualClock(), 'installHint: Install it')).current(),
        says,
      );
    });
  }

  test('that is not there is named', async () => {
    await assert.rejects(
      async () => (await load('/nowhere/plugin')).current(),
      /\/nowhere\/plugin could not be started/,
    );
  });
});
