import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import type { Measured, Target } from './informer/measure.ts';

/** Both clients on the same server in the same run; medians of several rounds. */
export interface InformerBench {
  readonly objects: number;
  readonly bytesEach: number;
  readonly reeve: Measured;
  readonly official: Measured;
  /** Ours divided by theirs. */
  readonly ratios: Measured;
}

type Field = keyof Measured;
const fields: readonly Field[] = ['syncedMs', 'peakRSSMB', 'growthMB', 'longestStallMs', 'heapMB', 'cpuMs', 'importMs'];
const rounds = 3;

function sourceOf(name: string): string {
  return fileURLToPath(new URL(`informer/${name}.ts`, import.meta.url));
}

/** Files as they are shipped: bundled, so that neither client pays for the other's sources or for stripping types. */
async function bundle(): Promise<string> {
  const dir = fileURLToPath(new URL('../node_modules/.cache/reeve-bench', import.meta.url));
  const input = ['reeve', 'official'].map((name) => fileURLToPath(new URL(`informer/${name}.ts`, import.meta.url)));
  await build({
    input,
    platform: 'node',
    external: ['@kubernetes/client-node'],
    resolve: { conditionNames: ['@reeve/source', 'node', 'import', 'default'] },
    output: { dir, format: 'esm' },
    logLevel: 'silent',
  });
  return dir;
}

/** The settings of our images, for both: by default the young generation and the threads' arenas can take 100 MB. */
const flags = ['--expose-gc', '--max-semi-space-size=4'];
const env = { ...process.env, MALLOC_ARENA_MAX: '2' };

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new RangeError(`a child of the bench ended with ${String(code)}`);
  });
  failed.catch(() => undefined);
  const [message] = (await Promise.race([once(child, 'message'), failed])) as [T];
  return message;
}

async function run(file: string, target: Target): Promise<Measured> {
  const child: ChildProcess = fork(file, [], { execArgv: flags, env });
  child.send(target);
  return answerOf<Measured>(child);
}

function combine(of: (field: Field) => number): Measured {
  return Object.fromEntries(fields.map((field) => [field, of(field)])) as Record<Field, number>;
}

function medians(runs: readonly Measured[]): Measured {
  return combine(
    (field) => runs.map((run_) => run_[field]).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0,
  );
}

/** 20,000 custom resources of 2.3 KB until they are in memory: ours beside @kubernetes/client-node. */
export async function benchInformer(objects = 20_000): Promise<InformerBench> {
  const dir = await bundle();
  const server = fork(sourceOf('server'), [String(objects)], { execArgv: ['--conditions=@reeve/source'] });
  try {
    const { bytes, ...connection } = await answerOf<Omit<Target, 'count'> & { readonly bytes: number }>(server);
    const target = { ...connection, count: objects };
    const runs: Record<'reeve' | 'official', Measured[]> = { reeve: [], official: [] };
    for (let round = 0; round < rounds; round += 1) {
      runs.official.push(await run(join(dir, 'official.js'), target));
      runs.reeve.push(await run(join(dir, 'reeve.js'), target));
    }
    const [reeve, official] = [medians(runs.reeve), medians(runs.official)];
    return { objects, bytesEach: bytes, reeve, official, ratios: combine((field) => reeve[field] / official[field]) };
  } finally {
    server.kill();
  }
}

/** The result for people. */
export function informerTable({ objects, bytesEach, reeve, official, ratios }: InformerBench): string {
  const row = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(18) : cell.padStart(14))).join('');
  const lines = fields.map((field) =>
    row([field, reeve[field].toFixed(0), official[field].toFixed(0), ratios[field].toFixed(2)]),
  );
  const title = `${objects} custom resources of ${bytesEach} bytes until in memory (median of ${rounds})`;
  return [title, row(['', 'reeve', 'client-node', 'ratio']), ...lines].join('\n');
}

if (import.meta.main) {
  const result = await benchInformer();
  console.log(JSON.stringify(result));
  console.log(informerTable(result));
}
