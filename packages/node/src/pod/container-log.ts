import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Pod } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';

/** The directory of a pod's logs on its node; it goes with the pod. */
export function podLogDirectory(dataDir: string, nodeName: string, { metadata }: Stored<Pod>): string {
  return join(dataDir, 'nodes', nodeName, 'logs', `${metadata.namespace ?? ''}_${metadata.name}_${metadata.uid}`);
}

/** The log of a container's run number `restarts`. */
export function logPath(directory: string, container: string, restarts: number): string {
  return join(directory, container, `${restarts}.log`);
}

/** Keeps the logs of this run and the one before. */
export function dropOldLogs(directory: string, container: string, restarts: number): void {
  const place = join(directory, container);
  mkdirSync(place, { recursive: true });
  for (const file of readdirSync(place)) {
    if (Number.parseInt(file, 10) < restarts - 1) rmSync(join(place, file), { force: true });
  }
}
