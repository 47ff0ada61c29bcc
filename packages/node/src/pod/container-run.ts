import { readFileSync, statSync } from 'node:fs';

import { sleep } from '@reeve/api';
import type { Container as ContainerSpec, LifecycleHandler } from '@reeve/api/core/v1';

import { Container } from '../container/container.ts';
import type { ContainerExit, ContainerPlan } from '../container/container.ts';
import { runInside } from '../container/exec.ts';
import { tail, takeRecords } from '../log/log-filter.ts';
import { LogWriter } from '../log/log-writer.ts';
import type { NodeContext } from '../node/node-context.ts';
import { ContainerProbes } from '../probe/container-probes.ts';
import type { ProbeListener } from '../probe/container-probes.ts';
import { runProbe } from '../probe/probe.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { FinishedRun } from './record.ts';

/** A program that its preStop hook has left no time gets at least this much after SIGTERM. */
const minimumGraceMs = 2000;
const maxMessageBytes = 4096;
const fallbackLines = 80;
const fallbackBytes = 2048;

/** What one run of a container tells its pod. */
export interface RunListener extends ProbeListener {
  onExit(run: FinishedRun): void;
  onHookFailed(hook: 'PostStart' | 'PreStop', message: string): void;
}

/** Where a run keeps its log and finds its last words. */
export interface RunFiles {
  readonly log: string;
  readonly message: string;
}

/** One run of a container with everything around it: log, hooks, probes, an orderly end. */
export class ContainerRun {
  readonly container: Container;
  readonly log: LogWriter;
  readonly startedAt: number;
  readonly #spec: ContainerSpec;
  readonly #node: NodeContext;
  readonly #target: ProbeTarget;
  readonly #listener: RunListener;
  readonly #probes: ContainerProbes;
  readonly #ended = new AbortController();
  #cancelKill: () => void = () => undefined;
  #stopping = false;

  constructor(
    node: NodeContext,
    spec: ContainerSpec,
    plan: ContainerPlan,
    podIP: string,
    files: RunFiles,
    listener: RunListener,
  ) {
    const { clock } = node;
    this.#node = node;
    this.#spec = spec;
    this.#listener = listener;
    this.startedAt = clock.now();
    this.log = new LogWriter(files.log, clock);
    this.container = Container.launch(plan, `${node.runDir}/containers`);
    this.log.copy(this.container.stdout, 'stdout');
    this.log.copy(this.container.stderr, 'stderr');
    this.#target = {
      podIP,
      container: spec,
      execute: (command, timeoutMs) => runInside(this.container, command, timeoutMs, clock),
    };
    this.#probes = new ContainerProbes(clock, this.#target, listener);
    void this.container.exited.then((exit) => this.#finish(exit, files));
  }

  /** The program's stdin ends with the first client that attaches. */
  get stdinOnce(): boolean {
    return this.#spec.stdinOnce === true;
  }

  get id(): string {
    return this.container.plan.id;
  }

  /** Runs the postStart hook, then begins to probe. */
  begin(): void {
    void this.#begin();
  }

  /** preStop hook, stop signal, and SIGKILL at `killAt`; called again it only moves the SIGKILL. */
  stop(killAt: number): void {
    const { clock } = this.#node;
    this.#cancelKill();
    this.#cancelKill = clock.schedule(Math.max(0, killAt - clock.now()), () => this.kill());
    if (this.#stopping) return;
    this.#stopping = true;
    this.#probes.stop();
    void this.#askToEnd(killAt);
  }

  /** Ends every process of the container at once. */
  kill(): void {
    this.#probes.stop();
    this.container.signal('SIGKILL');
  }

  async #begin(): Promise<void> {
    const hook = this.#spec.lifecycle?.postStart;
    if (hook !== undefined) {
      const failure = await this.#runHook(hook, undefined);
      if (this.#ended.signal.aborted) return;
      if (failure !== undefined) {
        this.#listener.onHookFailed('PostStart', failure);
        return;
      }
    }
    if (!this.#stopping && !this.#ended.signal.aborted) this.#probes.start();
  }

  async #askToEnd(killAt: number): Promise<void> {
    const { clock } = this.#node;
    const hook = this.#spec.lifecycle?.preStop;
    if (hook !== undefined && killAt > clock.now()) {
      const failure = await this.#runHook(hook, killAt - clock.now());
      if (this.#ended.signal.aborted) return;
      if (failure !== undefined) this.#listener.onHookFailed('PreStop', failure);
      this.#cancelKill();
      const at = Math.max(killAt, clock.now() + minimumGraceMs);
      this.#cancelKill = clock.schedule(at - clock.now(), () => this.kill());
    }
    this.container.signal((this.#spec.lifecycle?.stopSignal as NodeJS.Signals | undefined) ?? 'SIGTERM');
  }

  // The message of what went wrong, or undefined.
  async #runHook(hook: LifecycleHandler, timeoutMs: number | undefined): Promise<string | undefined> {
    if (hook.sleep !== undefined) {
      const ms = Math.min(hook.sleep.seconds * 1000, timeoutMs ?? Number.POSITIVE_INFINITY);
      await sleep(this.#node.clock, ms, this.#ended.signal).catch(() => undefined);
      return undefined;
    }
    const timeoutSeconds = Math.max(1, (timeoutMs ?? 600_000) / 1000);
    const { ok, message } = await runProbe({ ...hook, timeoutSeconds }, this.#target);
    return ok ? undefined : message;
  }

  #finish(exit: ContainerExit, files: RunFiles): void {
    this.#ended.abort();
    this.#cancelKill();
    this.#probes.stop();
    const message = exit.startError ?? this.#lastWords(exit, files);
    this.#listener.onExit({
      id: this.id,
      exitCode: exit.exitCode,
      reason: exit.startError === undefined ? (exit.exitCode === 0 ? 'Completed' : 'Error') : 'StartError',
      startedAt: this.startedAt,
      finishedAt: this.#node.clock.now(),
      ...(exit.signal === undefined ? {} : { signal: exit.signal }),
      ...(message === '' ? {} : { message }),
    });
  }

  #lastWords({ exitCode }: ContainerExit, files: RunFiles): string {
    const written = readStart(files.message, maxMessageBytes);
    if (written !== '' || exitCode === 0 || this.#spec.terminationMessagePolicy !== 'FallbackToLogsOnError')
      return written;
    const size = statSync(files.log, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) return '';
    const { lines } = takeRecords(readFileSync(files.log));
    const text = tail(lines, fallbackLines).map((line) => line.text.toString());
    return text.join('\n').slice(-fallbackBytes);
  }
}

function readStart(path: string, limit: number): string {
  try {
    return readFileSync(path).subarray(0, limit).toString();
  } catch {
    return '';
  }
}
