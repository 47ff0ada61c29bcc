import { delimiter } from 'node:path';

/**
 * The sandbox: namespaces of its own for users, network, mounts, processes, IPC and host name, so that nothing on the
 * host is ever changed. `--pdeathsig` and `--kill-child` tie its life to the cluster process, even to its `kill -9`.
 */
export function sandboxCommand(
  command: readonly string[],
  { userNamespace }: { readonly userNamespace: boolean },
): readonly string[] {
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    ...(userNamespace ? ['--user', '--map-root-user'] : []),
    '--net',
    '--mount',
    '--pid',
    '--ipc',
    '--uts',
    '--fork',
    '--kill-child',
    '--mount-proc',
    '--',
    ...command,
  ];
}

/**
 * PID 1 of the sandbox: a shell that sets up /run and then only waits, which reaps orphans. $1 and $2 are directories
 * that stay visible even if they lie below /run; the rest is the agent's command.
 */
export const sandboxInit: string = `
set -e
exec 5<"$1" 6<"$2"
mount -t tmpfs -o mode=755 tmpfs /run
case "$1" in /run/*) mkdir -p "$1"; mount --no-canonicalize --rbind /proc/self/fd/5 "$1";; esac
case "$2" in /run/*) mkdir -p "$2"; mount --no-canonicalize --rbind /proc/self/fd/6 "$2";; esac
exec 5<&- 6<&-
mkdir -p /run/netns /run/reeve
ip link set lo up
hostname reeve
shift 2
exec 3<&0
"$@" <&3 3<&- &
exec 3<&-
wait $!
`;

/** The PATH with the administrator's directories, where \`ip\` lives and which an ordinary user's PATH lacks. */
export function sandboxPath(path: string): string {
  const wanted = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const present = path.split(delimiter).filter((entry) => entry !== '');
  return [...present, ...wanted.filter((entry) => !present.includes(entry))].join(delimiter);
}
