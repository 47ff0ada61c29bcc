import type { Clock } from '@reeve/api';
import type { Log, LogFields, LogLevel } from './log.ts';

export interface JSONLogOptions {
  readonly clock: Clock;
  /** Takes one line without its end; default: standard output. */
  readonly write?: (line: string) => void;
  /** Lines below this level are dropped; default `info`. */
  readonly level?: LogLevel;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Errors lose everything in JSON.stringify; this keeps what helps. */
function printable(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const code = 'code' in value ? value.code : undefined;
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: printable(cause) }) };
}

/** A log of JSON lines: `{"ts":…,"level":"info","msg":…,…}`. */
export function jsonLog(
  { clock, write = toStandardOutput, level = 'info' }: JSONLogOptions,
  fields: LogFields = {},
): Log {
  const lowest = levels.indexOf(level);
  const line = (at: LogLevel, msg: string, more: LogFields = {}): void => {
    if (levels.indexOf(at) < lowest) return;
    const ts = new Date(clock.now()).toISOString();
    write(JSON.stringify({ ts, level: at, msg, ...fields, ...more }, (_key, value) => printable(value)));
  };
  return {
    debug: (message, more) => line('debug', message, more),
    info: (message, more) => line('info', message, more),
    warn: (message, more) => line('warn', message, more),
    error: (message, more) => line('error', message, more),
    with: (more) => jsonLog({ clock, write, level }, { ...fields, ...more }),
  };
}

function toStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
