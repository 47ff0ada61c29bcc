import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, memoryOf } from './process.ts';
import { median, row } from './row.ts';
import type { Row } from './row.ts';

const STARTS = 3;

/** Start of the local cluster to ready and its memory; `npm start` to READY 3/3 with a warm and with an empty cache. */
export async function benchLocalCluster(): Promise<readonly Row[]> {
  const starts: number[] = [];
  let memory = 0;
  for (let run = 0; run < STARTS; run++) {
    const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
    {
      await using command = new Command(['up', '--name', 'bench'], { REEVE_HOME: home });
      starts.push(await command.until(/is ready at/));
      memory = memoryOf(command.pid);
    }
    rmSync(home, { recursive: true, force: true });
  }
  return [
    row('local cluster: start to ready, 3 nodes', median(starts), 's', '1.5 s'),
    row('local cluster: memory once ready (server, controllers, nodes)', memory, 'MB', '150 MB'),
    row('npm start: to READY 3/3, warm cache', await startToReady({}), 's', '10 s'),
    row('npm start: to READY 3/3, empty cache (without npm ci)', await coldStart(), 's', '60 s'),
  ];
}

async function startToReady(env: Readonly<Record<string, string>>): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  try {
    await using command = new Command(['start', '--name', 'bench'], { REEVE_HOME: home, ...env });
    return await command.until(/READY 3\/3/);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function coldStart(): Promise<number> {
  const cache = mkdtempSync(join(tmpdir(), 'reeve-bench-cache-'));
  try {
    return await startToReady({ REEVE_CACHE: cache });
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
