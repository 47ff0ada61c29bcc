import type { Clock } from '@reeve/api';
import type { Probe } from '@reeve/api/core/v1';

import type { ProbeResult } from './probe-result.ts';
import { countResult } from './thresholds.ts';
import type { ResultRun } from './thresholds.ts';

/** Called when enough results in a row agree. */
export type VerdictListener = (ok: boolean, last: ProbeResult) => void;

/** Called after each failed try, for the event. */
export type FailureListener = (result: ProbeResult) => void;

/** Asks again and again: first after `initialDelaySeconds`, then every `periodSeconds` after the last answer began. */
export class ProbeLoop {
  readonly #clock: Clock;
  readonly #probe: Probe;
  readonly #ask: () => Promise<ProbeResult>;
  readonly #onVerdict: VerdictListener;
  readonly #onFailure: FailureListener;
  #run: ResultRun | undefined;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(
    clock: Clock,
    probe: Probe,
    ask: () => Promise<ProbeResult>,
    listeners: { readonly onVerdict: VerdictListener; readonly onFailure: FailureListener },
  ) {
    this.#clock = clock;
    this.#probe = probe;
    this.#ask = ask;
    this.#onVerdict = listeners.onVerdict;
    this.#onFailure = listeners.onFailure;
  }

  start(): void {
    this.#next((this.#probe.initialDelaySeconds ?? 0) * 1000);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #next(delayMs: number): void {
    if (!this.#stopped) this.#cancel = this.#clock.schedule(delayMs, () => void this.#once());
  }

  async #once(): Promise<void> {
    const began = this.#clock.now();
    const result = await this.#ask();
    if (this.#stopped) return;
    const { successThreshold = 1, failureThreshold = 3, periodSeconds = 10 } = this.#probe;
    const { run, verdict } = countResult(this.#run, result.ok, {
      success: successThreshold,
      failure: failureThreshold,
    });
    this.#run = run;
    if (!result.ok) this.#onFailure(result);
    if (verdict !== undefined) this.#onVerdict(verdict, result);
    this.#next(Math.max(0, began + periodSeconds * 1000 - this.#clock.now()));
  }
}
