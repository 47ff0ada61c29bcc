import { hostname } from 'node:os';
import { createMetrics } from '../metrics/metrics.ts';
import { jsonLog } from '../json-log.ts';
import type { Manager, ManagerOptions } from './manager.ts';
import { ControllerManager } from './controller-manager.ts';

/** Makes a manager; it does nothing until `start`. */
export function createManager(options: ManagerOptions): Manager {
  const { client, name } = options;
  const clock = options.clock ?? client.clock;
  const random = options.random ?? client.random;
  return new ControllerManager({
    ...options,
    clock,
    random,
    log: (options.log ?? jsonLog({ clock })).with({ manager: name }),
    metrics: createMetrics(),
    instance: options.instance ?? hostname(),
  });
}
