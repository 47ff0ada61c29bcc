/** Who a container's program runs as; 0 is the sandbox's root, which outside is the user who runs the cluster. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  /** Capabilities of root in the container, as `net_raw`; other users have none. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  /** The sandbox has a user namespace, in which root is the only user there is. */
  readonly mapped: boolean;
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
 * The command prefix that becomes this user. In a sandbox with a user namespace only one number is mapped, the sandbox's
 * root: a user other than root gets a user namespace of its own in which its number stands for that root, so that files
 * on volumes stay its own. `dieWithParent` kills the program with the process that started it: for exec, whose other end
 * may go away.
 */
export function becomeUser(
  { uid, gid, capabilities, noNewPrivileges, mapped }: ContainerUser,
  dieWithParent = false,
): readonly string[] {
  const death = dieWithParent ? ['--pdeathsig', 'KILL'] : [];
  if (uid !== 0 && mapped) {
    const namespace = ['/usr/bin/unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
    return [...namespace, '/usr/bin/setpriv', ...death, '--no-new-privs', '--'];
  }
  const ids = uid === 0 && gid === 0 ? [] : [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const kept = capabilities.map((name) => `+${name}`).join(',');
  const bounds = `--bounding-set=-all${kept === '' ? '' : `,${kept}`}`;
  return ['/usr/bin/setpriv', ...death, bounds, ...ids, ...(noNewPrivileges ? ['--no-new-privs'] : []), '--'];
}
