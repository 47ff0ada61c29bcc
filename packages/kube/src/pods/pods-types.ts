import type { LogOptions } from '@reeve/api';
import type { RequestOptions } from '../options.ts';

export interface PodLogOptions extends LogOptions {
  readonly container?: string;
}

export interface PodExecOptions {
  readonly container?: string;
  readonly command: readonly string[];
  /** Default false. */
  readonly stdin?: boolean;
  /** Default false. */
  readonly tty?: boolean;
  readonly signal?: AbortSignal;
}

export interface ExecOutput {
  readonly channel: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/** A running command. Read `output` to its end, then await `exit`. */
export interface ExecSession {
  readonly output: AsyncIterable<ExecOutput>;
  /** Settles when the command has ended; -1 with a message when it could not run. */
  readonly exit: Promise<ExecExit>;
  write(data: Uint8Array | string): Promise<void>;
  closeStdin(): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  close(): Promise<void>;
}

export interface ExecExit {
  readonly code: number;
  readonly message: string;
}

export interface ExecResult extends ExecExit {
  readonly stdout: string;
  readonly stderr: string;
}

export interface EvictOptions extends RequestOptions {
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** What only pods can do, in one namespace. */
export interface PodsClient {
  /** The log as it comes; with `follow` until the container ends or the signal aborts. */
  log(name: string, options?: PodLogOptions): Promise<AsyncIterable<Uint8Array>>;
  exec(name: string, options: PodExecOptions): Promise<ExecSession>;
  /** Runs a command to its end and collects what it printed. */
  run(name: string, options: PodExecOptions & { readonly input?: string }): Promise<ExecResult>;
  /** Deletes the pod if its disruption budgets allow; else `isTooManyRequests`. */
  evict(name: string, options?: EvictOptions): Promise<void>;
}
