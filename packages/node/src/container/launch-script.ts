import { quoteShell } from './shell.ts';

/**
 * What the shell is started with: it reads the rest from fd 4. Arguments hold variables, and with them secrets, which
 * must not stand in the process list for everyone on the machine to read.
 */
export const readScript: string = 'eval "$(cat <&4)"';

/** A script with its arguments, for fd 4. */
export function scriptWith(script: string, args: readonly string[]): string {
  return `exec 4<&-\nset -- ${args.map(quoteShell).join(' ')}\n${script}`;
}

/**
 * Runs as PID 1 of a container before its program: mounts, changes the root, sets the host name, goes to the working
 * directory. Progress goes to fd 3: `pid N` (as the agent sees it), `error …`, or `started` right before the program.
 * Arguments: run directory, root, host name, read-only root (yes or no), working directory, PATH, program, then the
 * whole command line that runs it.
 */
export const launchScript: string = `
fail() { echo "error $*" >&3; exit 128; }
read -r pid _ </proc/self/stat
echo "pid $pid" >&3
mount --all --fstab "$1/fstab" 2>"$1/mount.log" || fail "mount: $(cat "$1/mount.log")"
hostname "$3"
cd "$2" && pivot_root . mnt && umount -l /mnt || fail "cannot change the root"
[ -d "$5" ] || mkdir -p "$5" 2>/dev/null
if [ "$4" = yes ]; then mount -o remount,bind,ro / || fail "cannot make the root read-only"; fi
cd "$5" 2>/dev/null || fail "the working directory $5 is missing"
container_path=$6
program=$7
shift 7
PATH="$container_path" command -v "$program" >/dev/null || fail "exec: \\"$program\\": executable file not found in \\$PATH"
echo started >&3
exec 3>&-
exec "$@"
`;

/** Runs in a container that already lives, for exec: the working directory, then the program. */
export const execScript: string = `
cd "$1" || exit 126
shift
exec "$@"
`;
