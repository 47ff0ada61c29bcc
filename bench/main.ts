/**
 * `npm run bench`: what the project promises about speed and memory, measured on this machine. Prints a table and
 * writes bench/results/latest.json. `npm run bench -- api-server etcd` runs some of it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { benchApiServer } from './api-server.ts';
import { benchEtcd } from './etcd.ts';
import { benchInformer } from './informer.ts';
import { benchLocalCluster } from './local-cluster.ts';
import { printRows, row } from './row.ts';
import type { Row } from './row.ts';

async function informerRows(): Promise<readonly Row[]> {
  const { reeve, official, ratios, objects } = await benchInformer();
  const name = `informer, ${objects} custom resources of 2.3 KB`;
  return [
    row(`${name}: until synced`, reeve.syncedMs, 'ms'),
    row(`${name}: until synced, @kubernetes/client-node`, official.syncedMs, 'ms'),
    row(`${name}: until synced, ours to theirs`, ratios.syncedMs, 'ratio', '0.5'),
    row(`${name}: peak memory`, reeve.peakRSSMB, 'MB'),
    row(`${name}: peak memory, @kubernetes/client-node`, official.peakRSSMB, 'MB'),
    row(`${name}: peak memory, ours to theirs`, ratios.peakRSSMB, 'ratio', '0.33'),
    row(`${name}: longest stall`, reeve.longestStallMs, 'ms'),
    row(`${name}: longest stall, @kubernetes/client-node`, official.longestStallMs, 'ms'),
  ];
}

const SUITES: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  'api-server': benchApiServer,
  'local-cluster': benchLocalCluster,
  etcd: benchEtcd,
  informer: informerRows,
};

const chosen = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, suite] of Object.entries(SUITES).filter(([each]) => chosen.length === 0 || chosen.includes(each))) {
  const found = await suite();
  console.log(`\n${name}`);
  printRows(found);
  rows.push(...found);
}
const [cpu] = cpus();
const machine = {
  cpu: cpu?.model,
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('latest.json', folder), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
