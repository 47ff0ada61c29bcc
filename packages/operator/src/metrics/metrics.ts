import type { ObservedRequest } from '@reeve/kube';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueObserver } from '../queue/work-queue.ts';

/** How a reconcile ended, as controller-runtime labels it. */
export type ReconcileOutcome = 'success' | 'error' | 'requeue' | 'requeue_after';

/** What one controller reports. */
export interface ControllerMetrics {
  readonly queue: QueueObserver;
  /** A worker took a key that was ready for this long. */
  took(waitedSeconds: number): void;
  started(): void;
  finished(outcome: ReconcileOutcome, seconds: number): void;
  terminalError(): void;
  timedOut(): void;
  /** Called at each scrape: seconds since the reconciles that are running began. */
  onRunning(ages: () => readonly number[]): void;
}

/** The metrics of one manager. */
export interface Metrics {
  readonly registry: Registry;
  controller(name: string, concurrency: number): ControllerMetrics;
  request(observed: ObservedRequest): void;
  leading(name: string, leading: boolean): void;
}

const reconcileBuckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const queueBuckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];
const requestBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
const outcomes: readonly ReconcileOutcome[] = ['success', 'error', 'requeue', 'requeue_after'];

function reconcileMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['controller'] as const;
  const counter = (name: string, help: string): Counter<'controller'> =>
    new Counter({ name: `controller_runtime_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string): Gauge<'controller'> =>
    new Gauge({ name: `controller_runtime_${name}`, help, labelNames, registers });
  return {
    total: new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Reconciles by controller and result',
      labelNames: ['controller', 'result'] as const,
      registers,
    }),
    errors: counter('reconcile_errors_total', 'Reconciles that failed'),
    terminal: counter('terminal_reconcile_errors_total', 'Reconciles that failed for good'),
    panics: counter(
      'reconcile_panics_total',
      'Reconciles that broke down; kept for dashboards, as throwing is failing here',
    ),
    timeouts: counter('reconcile_timeouts_total', 'Reconciles that took too long'),
    seconds: new Histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'How long reconciles take',
      labelNames,
      buckets: reconcileBuckets,
      registers,
    }),
    limit: gauge('max_concurrent_reconciles', 'Keys that may be reconciled at once'),
    active: gauge('active_workers', 'Keys that are being reconciled'),
  };
}

function queueMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['name', 'controller'] as const;
  const gauge = (name: string, help: string): Gauge<'name' | 'controller'> =>
    new Gauge({ name: `workqueue_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string): Histogram<'name' | 'controller'> =>
    new Histogram({ name: `workqueue_${name}`, help, labelNames, buckets: queueBuckets, registers });
  return {
    depth: new Gauge({
      name: 'workqueue_depth',
      help: 'Keys that are ready',
      labelNames: ['name', 'controller', 'priority'] as const,
      registers,
    }),
    adds: new Counter({ name: 'workqueue_adds_total', help: 'Keys that became ready', labelNames, registers }),
    retries: new Counter({
      name: 'workqueue_retries_total',
      help: 'Keys that came back after failing',
      labelNames,
      registers,
    }),
    waited: histogram('queue_duration_seconds', 'How long a ready key waits for a worker'),
    worked: histogram('work_duration_seconds', 'How long a worker takes for a key'),
    unfinished: gauge('unfinished_work_seconds', 'Time spent so far on keys that are being worked on'),
    longest: gauge('longest_running_processor_seconds', 'Age of the longest running work'),
  };
}

function controllerMetrics(
  reconcile: ReturnType<typeof reconcileMetrics>,
  queue: ReturnType<typeof queueMetrics>,
  controller: string,
  ages: Map<string, () => readonly number[]>,
): ControllerMetrics {
  const labels = { controller };
  const queueLabels = { name: controller, controller };
  let priorities: readonly number[] = [];
  return {
    queue: {
      added: () => queue.adds.inc(queueLabels),
      retried: () => queue.retries.inc(queueLabels),
      depth(depths) {
        for (const priority of priorities) queue.depth.set({ ...queueLabels, priority }, depths.get(priority) ?? 0);
        for (const [priority, depth] of depths) queue.depth.set({ ...queueLabels, priority }, depth);
        priorities = [...depths.keys()];
      },
    },
    took: (seconds) => queue.waited.observe(queueLabels, seconds),
    started: () => reconcile.active.inc(labels),
    finished(result, seconds) {
      reconcile.active.dec(labels);
      reconcile.total.inc({ controller, result });
      if (result === 'error') reconcile.errors.inc(labels);
      reconcile.seconds.observe(labels, seconds);
      queue.worked.observe(queueLabels, seconds);
    },
    terminalError: () => reconcile.terminal.inc(labels),
    timedOut: () => reconcile.timeouts.inc(labels),
    onRunning: (running) => ages.set(controller, running),
  };
}

/** Counters begin at zero, so that `rate()` sees the first failure. */
function begin(
  reconcile: ReturnType<typeof reconcileMetrics>,
  queue: ReturnType<typeof queueMetrics>,
  controller: string,
): void {
  for (const result of outcomes) reconcile.total.inc({ controller, result }, 0);
  for (const counter of [reconcile.errors, reconcile.terminal, reconcile.panics, reconcile.timeouts]) {
    counter.inc({ controller }, 0);
  }
  for (const counter of [queue.adds, queue.retries]) counter.inc({ name: controller, controller }, 0);
}

function requestMetrics(registry: Registry): (observed: ObservedRequest) => void {
  const registers = [registry];
  const total = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server',
    labelNames: ['code', 'method'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: 'rest_client_request_duration_seconds',
    help: 'How long the API server takes to answer',
    labelNames: ['verb'] as const,
    buckets: requestBuckets,
    registers,
  });
  const retries = new Counter({
    name: 'rest_client_request_retries_total',
    help: 'Requests that were sent again',
    labelNames: ['code', 'verb'] as const,
    registers,
  });
  return ({ method, code, seconds: took, retry }) => {
    total.inc({ code: code === 0 ? '<error>' : code, method });
    seconds.observe({ verb: method }, took);
    if (retry) retries.inc({ code, verb: method });
  };
}

/** Makes metrics under the names of controller-runtime and client-go, so that existing dashboards work. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const reconcile = reconcileMetrics(registry);
  const queue = queueMetrics(registry);
  const ages = new Map<string, () => readonly number[]>();
  const leader = new Gauge({
    name: 'leader_election_master_status',
    help: '1 while this process leads',
    labelNames: ['name'] as const,
    registers: [registry],
    collect() {
      for (const [controller, running] of ages) {
        const labels = { name: controller, controller };
        const seconds = running();
        queue.unfinished.set(
          labels,
          seconds.reduce((sum, age) => sum + age, 0),
        );
        queue.longest.set(labels, Math.max(0, ...seconds));
      }
    },
  });
  return {
    registry,
    controller(name, concurrency) {
      begin(reconcile, queue, name);
      reconcile.limit.set({ controller: name }, concurrency);
      reconcile.active.set({ controller: name }, 0);
      return controllerMetrics(reconcile, queue, name, ages);
    },
    request: requestMetrics(registry),
    leading: (name, leading) => leader.set({ name }, leading ? 1 : 0),
  };
}
