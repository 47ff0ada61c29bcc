import type { ExecOptions } from '@reeve/api';
import { isTrue } from '../request/request-info.ts';
import { badRequest } from '../status-error.ts';

/** `PodExecOptions` and `PodAttachOptions` as a query gives them. */
export function readExecOptions(query: URLSearchParams, kind: 'exec' | 'attach'): ExecOptions {
  const flag = (name: string): boolean => isTrue(query.get(name));
  const command = kind === 'exec' ? query.getAll('command') : [];
  const tty = flag('tty');
  const [stdin, stdout, stderr] = [flag('stdin'), flag('stdout'), flag('stderr') && !tty];
  if (kind === 'exec' && command.length === 0)
    throw badRequest('you must specify at least 1 command for the container');
  if (!stdin && !stdout && !stderr) throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  return { command, stdin, stdout, stderr, tty };
}
