import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PodSpec, SecurityContext } from '@reeve/api/core/v1';

import { flagsAt, keepFlags, parseMountInfo } from './mount-flags.ts';
import { bind, formatFstab, overlay } from './mount.ts';
import { containerUser } from './security.ts';
import { quoteShell } from './shell.ts';
import { becomeUser, defaultCapabilities } from './user.ts';

test('mounts become fstab lines below the root', () => {
  const text = formatFstab('/roots/a b', [
    bind('/x', '/', false),
    overlay(['/usr', '/layer'], '/usr'),
    bind('/y', '/d e', true),
  ]);
  assert.equal(
    text,
    '/x /roots/a\\040b none rbind\noverlay /roots/a\\040b/usr overlay lowerdir=/layer:/usr,ro\n/y /roots/a\\040b/d\\040e none rbind,ro\n',
  );
});

test('read-only binds keep the flags of the mount that they come from', () => {
  const points = parseMountInfo(
    [
      '20 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
      '30 20 0:40 / /home rw,nosuid,nodev,relatime - tmpfs tmpfs rw',
      '31 20 0:41 / /home2 rw,noexec - tmpfs tmpfs rw',
    ].join('\n'),
  );
  assert.deepEqual(flagsAt('/home/me/x', points), ['nosuid', 'nodev', 'relatime']);
  assert.deepEqual(flagsAt('/homes', points), ['relatime']);
  const [readOnly, writable] = keepFlags([bind('/home/x', '/x', true), bind('/home/x', '/y', false)], points);
  assert.deepEqual(readOnly?.options, ['rbind', 'ro', 'nosuid', 'nodev', 'relatime']);
  assert.deepEqual(writable?.options, ['rbind']);
});

test('words for the shell stay whole', () => {
  assert.equal(quoteShell("it's $HOME"), `'it'\\''s $HOME'`);
});

interface UserCase {
  readonly name: string;
  readonly pod?: PodSpec['securityContext'];
  readonly own?: SecurityContext;
  readonly expected: Partial<ReturnType<typeof containerUser>>;
}

const users: readonly UserCase[] = [
  {
    name: 'root with the usual capabilities by default',
    expected: { uid: 0, gid: 0, capabilities: defaultCapabilities },
  },
  { name: "the pod's user", pod: { runAsUser: 1000, runAsGroup: 2000 }, expected: { uid: 1000, gid: 2000 } },
  {
    name: "the container's own user first",
    pod: { runAsUser: 1000 },
    own: { runAsUser: 7 },
    expected: { uid: 7, gid: 7 },
  },
  { name: 'some user where only root is forbidden', own: { runAsNonRoot: true }, expected: { uid: 65_532 } },
  {
    name: 'no capabilities when all are dropped',
    own: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
    expected: { capabilities: ['net_bind_service'] },
  },
  { name: 'all capabilities when privileged', own: { privileged: true }, expected: { capabilities: ['all'] } },
  {
    name: 'no new privileges where they are forbidden',
    own: { allowPrivilegeEscalation: false },
    expected: { noNewPrivileges: true },
  },
];

for (const { name, pod = {}, own = {}, expected } of users) {
  test(`a container runs as ${name}`, () => {
    const user = containerUser({ containers: [], securityContext: pod }, { name: 'c', securityContext: own }, true);
    assert.deepEqual({ ...user, ...expected }, user);
  });
}

test('root is refused where it is forbidden', () => {
  const container = { name: 'c', securityContext: { runAsUser: 0, runAsNonRoot: true } };
  assert.throws(() => containerUser({ containers: [] }, container, true), { code: 'InvalidPod' });
});

test('another user is root of the sandbox under another number, or itself where there is no user namespace', () => {
  const user = { uid: 5, gid: 6, capabilities: [], noNewPrivileges: false };
  const mapped = becomeUser({ ...user, mapped: true }).join(' ');
  assert.match(mapped, /unshare --user --map-user=5 --map-group=6 -- .*setpriv --no-new-privs/);
  const real = becomeUser({ ...user, mapped: false }).join(' ');
  assert.match(real, /setpriv --bounding-set=-all --reuid=5 --regid=6 --clear-groups/);
});
