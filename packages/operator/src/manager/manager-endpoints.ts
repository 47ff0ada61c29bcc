import { collectDefaultMetrics } from 'prom-client';
import type { Metrics } from '../metrics/metrics.ts';
import { verdictOf } from './checks.ts';
import type { Check } from './checks.ts';
import { serveEndpoints } from './http-endpoints.ts';
import type { EndpointServer, Endpoints } from './http-endpoints.ts';
import type { ManagerOptions } from './manager.ts';

/** The manager's HTTP side: `/metrics`, `/healthz` and `/readyz`. */
export class ManagerEndpoints {
  readonly #options: ManagerOptions;
  readonly #metrics: Metrics;
  readonly #checks: Record<'ready' | 'health', Check[]> = { ready: [], health: [] };
  readonly #servers = new Map<'metrics' | 'health', EndpointServer>();

  constructor(options: ManagerOptions, metrics: Metrics) {
    this.#options = options;
    this.#metrics = metrics;
  }

  get ports(): { readonly metrics?: number; readonly health?: number } {
    return Object.fromEntries([...this.#servers].map(([name, { port }]) => [name, port]));
  }

  add(name: string, kind: 'ready' | 'health', run: Check['run']): void {
    this.#checks[kind].push({ name, run });
  }

  async open(): Promise<void> {
    const { metricsPort, healthPort, host } = this.#options;
    const { registry } = this.#metrics;
    if (metricsPort !== undefined) {
      collectDefaultMetrics({ register: registry });
      const metrics = async () => ({ status: 200, type: registry.contentType, text: await registry.metrics() });
      this.#servers.set('metrics', await serveEndpoints(metricsPort, host, { '/metrics': metrics }));
    }
    if (healthPort !== undefined) {
      this.#servers.set('health', await serveEndpoints(healthPort, host, this.#probes()));
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    this.#servers.clear();
  }

  #probes(): Endpoints {
    const probe = (kind: 'ready' | 'health') => async () => {
      const { ok, text } = await verdictOf(this.#checks[kind]);
      return { status: ok ? 200 : 500, text };
    };
    return { '/healthz': probe('health'), '/livez': probe('health'), '/readyz': probe('ready') };
  }
}
