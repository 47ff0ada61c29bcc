/**
 * Checks our API server against the recorded answers of a real one (test/vectors/kube-apiserver).
 *
 *   node --conditions=@reeve/source tools/vectors.ts [--area crud,ssa] [--id crud/0001] [--show 5] [--jobs 2] [--strict]
 *
 * Without --area it runs all areas, the controllers' (`ctl-*`) against a control plane without nodes, and its exit code is 1 if a required one is below 85 %.
 * --show N prints the first N failures of each area; --strict also shows answers that differ in wording only.
 * --server URL --ca FILE checks a running server instead, whose users must be those of `users` below.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseTokenFile } from '@reeve/apiserver';
import { startControlPlane } from '@reeve/cluster';
import { systemClock, systemRandom } from '@reeve/kube';
import type { Log } from '@reeve/operator';
import { runApiServer } from '../apps/cli/src/apiserver.ts';

const required = [
  'crud',
  'jsonpatch',
  'mergepatch',
  'smp',
  'ssa',
  'crd',
  'crdvalues',
  'cel',
  'listwatch',
  'subresource',
  'rbac',
  'discovery',
  'protobuf',
];
const printed = ['defaulting', 'validation', 'table', 'admission', 'fieldvalidation', 'admission-global', 'expired'];
/** Controllers' work, the longest first: these run against the control plane, without nodes, as the scenarios play the kubelet. */
const controlled = [
  'ctl-statefulset',
  'ctl-daemonset',
  'ctl-scheduler',
  'ctl-job',
  'ctl-deployment',
  'ctl-crd',
  'ctl-endpointslice',
  'ctl-gc',
  'ctl-namespace',
  'ctl-node',
  'ctl-pdb',
  'ctl-pvc',
  'ctl-serviceaccount',
  'ctl-quota',
];
const passRate = 0.85;
const directory = fileURLToPath(new URL('../test/vectors/kube-apiserver/', import.meta.url));

/** Areas that must have the server for themselves, or one with other flags. */
const alone = new Set(['admission-global']);
const compacting = new Set(['expired']);

const users = [
  { name: 'admin', groups: 'system:masters' },
  { name: 'alice', groups: '' },
  { name: 'bob', groups: '' },
  { name: 'carol', groups: 'devs' },
  { name: 'dave', groups: 'devs' },
  { name: 'erin', groups: 'ops' },
] as const;

const tokenOf = (name: string): string => `${name}-token`;

interface AreaResult {
  readonly strict: number;
  readonly passed: number;
  readonly total: number;
}

interface Difference {
  readonly path: string;
  readonly want?: unknown;
  readonly got?: unknown;
}

interface Failure {
  readonly id: string;
  readonly title: string;
  readonly step: number;
  readonly request: string;
  readonly diff: readonly Difference[];
}

interface Report {
  readonly failures: readonly Failure[];
  readonly [area: string]: AreaResult | readonly Failure[];
}

interface Target {
  readonly server: string;
  readonly ca: string;
}

const { values: flags } = parseArgs({
  options: {
    area: { type: 'string' },
    id: { type: 'string' },
    show: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '2' },
    strict: { type: 'boolean', default: false },
    server: { type: 'string' },
    ca: { type: 'string' },
  },
});

async function main(): Promise<boolean> {
  const areas =
    flags.area?.split(',') ??
    (flags.id === undefined ? [...required, ...printed, ...controlled] : [flags.id.split('/')[0] ?? '']);
  const work = mkdtempSync(join(tmpdir(), 'vectors-'));
  const tokenAuthFile = join(work, 'tokens.csv');
  writeFileSync(
    tokenAuthFile,
    users.map(({ name, groups }) => `${tokenOf(name)},${name},u-${name},"${groups}"\n`).join(''),
  );
  const results = new Map<string, AreaResult>();
  try {
    console.log(row('area', 'strict', 'passed', 'total', '%'));
    const show = async (area: string): Promise<void> => {
      const report = await runArea(area, tokenAuthFile);
      const result = report[area] as AreaResult | undefined;
      if (result === undefined) return;
      results.set(area, result);
      console.log(row(area, result.strict, result.passed, result.total, percent(result)));
      for (const failure of report.failures.slice(0, Number(flags.show))) printFailure(failure);
    };
    for (const area of areas.filter((each) => !controlled.includes(each))) await show(area);
    await inParallel(
      areas.filter((each) => controlled.includes(each)),
      show,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  if (flags.area !== undefined || flags.id !== undefined) return true;
  const below = required.filter((area) => rate(results.get(area)) < passRate);
  if (below.length > 0) console.log(`below ${passRate * 100} %: ${below.join(', ')}`);
  return below.length === 0;
}

/** The controllers' areas mostly wait, so several run at once. */
async function inParallel(areas: readonly string[], run: (area: string) => Promise<void>): Promise<void> {
  const waiting = [...areas];
  const worker = async (): Promise<void> => {
    for (let area = waiting.shift(); area !== undefined; area = waiting.shift()) await run(area);
  };
  await Promise.all(Array.from({ length: 5 }, worker));
}

/** A server of its own for each area: what one leaves behind cannot disturb the next. */
async function runArea(area: string, tokenAuthFile: string): Promise<Report> {
  if (flags.server !== undefined) return replay(area, { server: flags.server, ca: flags.ca ?? '' });
  if (controlled.includes(area)) return runControlledArea(area, tokenAuthFile);
  const compaction = compacting.has(area) ? { compactionSeconds: 2 } : {};
  const log: string[] = [];
  const server = await runApiServer({ port: 0, tokenAuthFile, ...compaction, print: (line) => log.push(line) });
  try {
    return await replay(area, { server: server.address, ca: server.caFile });
  } finally {
    await server.stop();
    rmSync(join(server.caFile, '..'), { recursive: true, force: true });
    const faults = log.filter((line) => line.includes('unexpectedly'));
    if (faults.length > 0) console.log(`${faults.length} internal faults, the first: ${faults[0] ?? ''}`);
  }
}

async function runControlledArea(area: string, tokenAuthFile: string): Promise<Report> {
  const work = mkdtempSync(join(tmpdir(), 'vectors-'));
  const plane = await startControlPlane({
    clock: systemClock,
    random: systemRandom,
    dataDir: join(work, 'data'),
    apiSocket: join(work, 'api.sock'),
    tokens: parseTokenFile(readFileSync(tokenAuthFile, 'utf8')),
    serviceAccounts: area === 'ctl-serviceaccount',
    log: silentLog,
  });
  try {
    writeFileSync(join(work, 'ca.crt'), plane.ca);
    return await replay(area, { server: plane.server, ca: join(work, 'ca.crt') });
  } finally {
    await plane.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

const silence = (): void => undefined;
const silentLog: Log = { debug: silence, info: silence, warn: silence, error: silence, with: () => silentLog };

function replay(area: string, { server, ca }: Target): Promise<Report> {
  const tokens = users.slice(1).flatMap(({ name }) => ['--token-for', `${name}=${tokenOf(name)}`]);
  const jobs = alone.has(area) ? '1' : controlled.includes(area) ? String(5 * Number(flags.jobs)) : flags.jobs;
  const args = [
    join(directory, 'replay.mjs'),
    'check',
    '--in',
    join(directory, `${area}.jsonl.gz`),
    '--server',
    server,
    '--token',
    tokenOf('admin'),
    ...tokens,
    '--json',
    '--jobs',
    jobs,
    ...(ca === '' ? [] : ['--ca', ca]),
    ...(flags.strict ? ['--strict'] : []),
    ...(flags.id === undefined ? [] : ['--id', flags.id]),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject).on('close', () => resolve(text === '' ? { failures: [] } : (JSON.parse(text) as Report)));
  });
}

function rate(result: AreaResult | undefined): number {
  return result === undefined || result.total === 0 ? 0 : result.passed / result.total;
}

function percent(result: AreaResult): string {
  return (rate(result) * 100).toFixed(1);
}

function row(area: string, ...cells: readonly (string | number)[]): string {
  return area.padEnd(18) + cells.map((cell) => String(cell).padStart(8)).join('');
}

function printFailure({ id, title, step, request, diff }: Failure): void {
  const text = (value: unknown): string => (value === undefined ? '(absent)' : JSON.stringify(value));
  console.log(`\n${id} (${title}) step ${step}: ${request}`);
  for (const { path, want, got } of diff.slice(0, 12)) {
    console.log(`  ${path}\n    want ${text(want)}\n    got  ${text(got)}`);
  }
  if (diff.length > 12) console.log(`  and ${diff.length - 12} more`);
}

process.exitCode = (await main()) ? 0 : 1;
