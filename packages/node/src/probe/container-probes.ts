import type { Clock } from '@reeve/api';
import type { Probe } from '@reeve/api/core/v1';

import { runProbe } from './probe.ts';
import { ProbeLoop } from './probe-loop.ts';
import type { ProbeTarget } from './probe-target.ts';

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness';

/** What probes tell the pod about a container. */
export interface ProbeListener {
  onStarted(): void;
  onReady(ready: boolean): void;
  /** It must be killed: liveness failed, or it did not start in time. */
  onUnhealthy(kind: ProbeKind, message: string, probe: Probe): void;
  onFailure(kind: ProbeKind, message: string): void;
}

/** The probes of one run of a container. Liveness and readiness begin when the startup probe has passed. */
export class ContainerProbes {
  readonly #clock: Clock;
  readonly #target: ProbeTarget;
  readonly #listener: ProbeListener;
  readonly #loops: ProbeLoop[] = [];

  constructor(clock: Clock, target: ProbeTarget, listener: ProbeListener) {
    this.#clock = clock;
    this.#target = target;
    this.#listener = listener;
  }

  start(): void {
    const { startupProbe } = this.#target.container;
    if (startupProbe === undefined) {
      this.#begin();
      return;
    }
    const loop = this.#loop('Startup', startupProbe, (ok) => {
      if (!ok) return;
      loop.stop();
      this.#begin();
    });
  }

  stop(): void {
    for (const loop of this.#loops) loop.stop();
  }

  #begin(): void {
    const { livenessProbe, readinessProbe } = this.#target.container;
    this.#listener.onStarted();
    if (livenessProbe !== undefined) this.#loop('Liveness', livenessProbe, () => undefined);
    if (readinessProbe === undefined) this.#listener.onReady(true);
    else this.#loop('Readiness', readinessProbe, (ok) => this.#listener.onReady(ok));
  }

  #loop(kind: ProbeKind, probe: Probe, decided: (ok: boolean) => void): ProbeLoop {
    const loop = new ProbeLoop(this.#clock, probe, () => runProbe(probe, this.#target), {
      onVerdict: (ok, { message }) => {
        decided(ok);
        if (ok || kind === 'Readiness') return;
        this.stop();
        this.#listener.onUnhealthy(kind, message, probe);
      },
      onFailure: ({ message }) => this.#listener.onFailure(kind, message),
    });
    this.#loops.push(loop);
    loop.start();
    return loop;
  }
}
