/** Who a container's program runs as; 0 is the sandbox's root, which outside is the user who runs the cluster. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  /** Capabilities of root in the container, as `net_raw`; other users have none. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
}

/** What container runtimes leave to root by default. */
export const defaultCapabilities: readonly string[] = [
  'audit_write',
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'mknod',
  'net_bind_service',
  'net_raw',
  'setfcap',
  'setgid',
  'setpcap',
  'setuid',
  'sys_chroot',
];

/**
 * The command prefix that becomes this user. A user other than root gets a user namespace in which its number is the
 * sandbox's root: only one number is mapped there, so no other would exist, and files on volumes stay its own.
 * `dieWithParent` kills the program with the process that started it: for exec, whose other end may go away.
 */
export function becomeUser(
  { uid, gid, capabilities, noNewPrivileges }: ContainerUser,
  dieWithParent = false,
): readonly string[] {
  const death = dieWithParent ? ['--pdeathsig', 'KILL'] : [];
  if (uid !== 0) {
    const namespace = ['/usr/bin/unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
    return [...namespace, '/usr/bin/setpriv', ...death, '--no-new-privs', '--'];
  }
  const newPrivileges = noNewPrivileges ? ['--no-new-privs'] : [];
  const kept = capabilities.map((name) => `+${name}`).join(',');
  return ['/usr/bin/setpriv', ...death, `--bounding-set=-all${kept === '' ? '' : `,${kept}`}`, ...newPrivileges, '--'];
}
