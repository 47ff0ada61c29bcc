import { runCommand } from '../command.ts';
import type { Container } from '../container/container.ts';
import { namespacesOf } from '../container/exec.ts';

/** Gives a terminal of a container (`/dev/pts/0`) another size. */
export async function resizeTerminal(
  container: Container,
  terminal: string,
  columns: number,
  rows: number,
): Promise<void> {
  const { pid } = container;
  if (pid === undefined || !terminal.startsWith('/dev/pts/')) return;
  const size = ['cols', String(columns), 'rows', String(rows)];
  await runCommand('nsenter', [...namespacesOf(pid), 'stty', '-F', terminal, ...size]).catch(() => undefined);
}
