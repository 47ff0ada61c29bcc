import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { sandboxCommand, sandboxPath } from './sandbox-command.ts';

const tools: Readonly<Record<string, string>> = {
  setpriv: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'util-linux',
  umount: 'util-linux',
  pivot_root: 'util-linux',
  script: 'bsdutils or util-linux',
  ip: 'iproute2',
  sh: 'dash',
  hostname: 'hostname',
};

/** Kernel switches that forbid user namespaces, with the value that does. */
const switches: readonly { readonly file: string; readonly forbids: string; readonly cure: string }[] = [
  {
    file: '/proc/sys/user/max_user_namespaces',
    forbids: '0',
    cure: 'this kernel allows no user namespaces: `sysctl user.max_user_namespaces=10000` as root allows them',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    cure: 'this kernel keeps user namespaces for root: `sysctl kernel.unprivileged_userns_clone=1` as root allows them',
  },
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    cure: 'AppArmor keeps user namespaces for root: `sysctl kernel.apparmor_restrict_unprivileged_userns=0` as root allows them',
  },
];

/** Which kind of sandbox this machine can run. */
export type SandboxSupport =
  | { readonly usable: true; readonly userNamespace: boolean }
  | { readonly usable: false; readonly reason: string };

/** One sentence about what keeps pods from running on this machine, or undefined when nothing does. */
export function checkSandbox(): string | undefined {
  const support = sandboxSupport();
  return support.usable ? undefined : support.reason;
}

let known: SandboxSupport | undefined;

/** Tries a sandbox, with a user namespace first and, as root, without one. What works is not tried again. */
export function sandboxSupport(): SandboxSupport {
  if (known?.usable !== true) known = trySandboxes();
  return known;
}

function trySandboxes(): SandboxSupport {
  if (process.platform !== 'linux') {
    return {
      usable: false,
      reason: `pods run on Linux only, and this is ${process.platform}: use a Linux machine or a VM`,
    };
  }
  const missing = Object.keys(tools).find((tool) => !isOnPath(tool));
  if (missing !== undefined) {
    return { usable: false, reason: `the program \`${missing}\` is missing: install the package ${tools[missing]}` };
  }
  const failure = trySandbox(true);
  if (failure === undefined) return { usable: true, userNamespace: true };
  const isRoot = process.getuid?.() === 0;
  if (isRoot && trySandbox(false) === undefined) return { usable: true, userNamespace: false };
  return { usable: false, reason: whyNot(failure, isRoot) };
}

function isOnPath(tool: string): boolean {
  return sandboxPath(process.env['PATH'] ?? '')
    .split(delimiter)
    .some((directory) => {
      try {
        accessSync(join(directory, tool), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

// Everything that a pod needs of the kernel, once: a tmpfs, an overlay of two read-only trees, a bridge, a veth pair.
const trial = `
set -e
mount -t tmpfs tmpfs /run
mkdir /run/netns /run/a /run/b
mount -t overlay -o lowerdir=/run/a:/run/b,ro overlay /run/b
ip link add reeve0 type bridge
ip netns add p
ip link add v type veth peer name eth0 netns p
`;

function trySandbox(userNamespace: boolean): string | undefined {
  const [file = '', ...args] = sandboxCommand(['sh', '-c', trial], { userNamespace });
  const { status, stderr, error } = spawnSync(file, args, {
    env: { PATH: sandboxPath(process.env['PATH'] ?? '') },
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit status ${String(status)}`;
}

function whyNot(failure: string, isRoot: boolean): string {
  const found = switches.find(({ file, forbids }) => readSwitch(file) === forbids);
  if (found !== undefined) return found.cure;
  const hint = isRoot
    ? 'in a container, give it the SYS_ADMIN and NET_ADMIN capabilities and no seccomp or AppArmor profile'
    : 'in a container its seccomp profile may forbid them; running as root may help';
  return `pods need Linux namespaces, and making them failed (${failure}): ${hint}`;
}

function readSwitch(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
