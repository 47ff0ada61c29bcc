/**
 * `npm test`: format, types, lint, layering, unit tests, the recorded behaviour of a real API server, and the
 * newcomer's path with real kubectl and etcd, as the current user and (for root) once more without privileges.
 * `npm test -- --only unit,types` runs some of it. Prints a line for each step; the exit code tells.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, chownSync, existsSync, globSync, lchownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cacheDirOf } from '@reeve/node';

const root = fileURLToPath(new URL('..', import.meta.url));
/** `nobody` on Debian. */
const UNPRIVILEGED = 65534;

interface Step {
  readonly name: string;
  readonly what: string;
  readonly skip?: boolean;
  /** It mostly waits: it runs beside the steps after it, and its output is shown when it ends. */
  readonly beside?: boolean;
  readonly command: () => readonly string[];
}

const node = (...args: readonly string[]): readonly string[] => [
  process.execPath,
  '--conditions=@reeve/source',
  ...args,
];
const tests = (...patterns: readonly string[]): readonly string[] =>
  patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !file.includes('node_modules'));
const isRoot = process.getuid?.() === 0;

const UNIT = [
  'packages/*/src/**/*.test.ts',
  'operators/*/src/**/*.test.ts',
  'apps/*/src/**/*.test.ts',
  'tools/**/*.test.ts',
];

/** The longest file first; two at a time, as they mostly wait. */
const E2E = [
  '--test',
  '--test-concurrency=2',
  'test/e2e/faults.test.ts',
  ...tests('test/e2e/*.test.ts').filter((file) => !file.includes('faults')),
];

const STEPS: readonly Step[] = [
  { name: 'format', what: 'formatting', command: () => ['oxfmt', '--check'] },
  { name: 'types', what: 'types', command: () => ['tsc', '-p', 'tsconfig.json'] },
  { name: 'lint', what: 'type-aware lint', command: () => ['oxlint', '--type-aware'] },
  { name: 'tidy', what: 'layering, cycles, banned words', command: () => node('tools/tidy/main.ts') },
  {
    name: 'dead',
    what: 'dead code and unused libraries',
    command: () => ['knip', '--no-progress', '--no-config-hints', '--include', 'files,exports,types,dependencies'],
  },
  {
    name: 'build',
    what: 'that every package builds for publishing',
    command: () => ['tsc', '-b', 'tsconfig.build.json'],
  },
  {
    name: 'unit',
    what: 'unit and integration tests',
    command: () => node('--test', '--test-timeout=120000', ...tests(...UNIT)),
  },
  {
    name: 'vectors',
    what: "a real API server's recorded answers",
    beside: true,
    command: () => node('tools/vectors.ts'),
  },
  {
    name: 'e2e',
    what: `real kubectl and etcd${isRoot ? ', as root' : ''}`,
    command: () => node(...E2E),
  },
  {
    name: 'e2e-unprivileged',
    what: 'real kubectl and etcd, without privileges',
    skip: !isRoot,
    command: () => asUnprivileged(...node(...E2E)),
  },
];

const asUnprivileged = (...command: readonly string[]): readonly string[] => [
  'setpriv',
  `--reuid=${UNPRIVILEGED}`,
  `--regid=${UNPRIVILEGED}`,
  '--clear-groups',
  '--',
  ...command,
];

/** This checkout, or a copy of it where others may not read this one (a checkout below /root). */
function readableCheckout(home: string): string {
  const [file = '', ...args] = asUnprivileged('test', '-x', process.execPath, '-a', '-r', join(root, 'package.json'));
  if (spawnSync(file, args).status === 0) return root;
  const copy = join(home, 'checkout');
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** A home of its own for the unprivileged run, with a copy of the fetched programs. */
function unprivilegedHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'reeve-test-'));
  const cache = join(cacheDirOf(process.env), 'packages');
  if (existsSync(cache)) cpSync(cache, join(home, 'cache', 'packages'), { recursive: true, verbatimSymlinks: true });
  for (const entry of readdirSync(home, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(home, entry), UNPRIVILEGED, UNPRIVILEGED);
  chownSync(home, UNPRIVILEGED, UNPRIVILEGED);
  return home;
}

/** Runs a step to its end; true if it passed. */
async function run({ name, command, beside }: Step): Promise<boolean> {
  const home = name === 'e2e-unprivileged' ? unprivilegedHome() : undefined;
  const cwd = home === undefined ? root : readableCheckout(home);
  const separate =
    home === undefined
      ? {}
      : { HOME: home, REEVE_CACHE: join(home, 'cache'), XDG_STATE_HOME: join(home, 'state'), TMPDIR: home };
  const [file = '', ...args] = command().map((word) =>
    word.startsWith(root) ? join(cwd, word.slice(root.length)) : word,
  );
  const output: string[] = [];
  const out = beside ? 'pipe' : 'inherit';
  const child = spawn(file, args, { cwd, stdio: ['inherit', out, out], env: { ...process.env, ...separate } });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
  if (beside) console.log(`\n== ${name}\n${output.join('')}`);
  return code === 0;
}

async function timed(step: Step): Promise<boolean> {
  const start = performance.now();
  console.log(`\n== ${step.name}: ${step.what}${step.beside ? ' (beside what follows)' : ''}`);
  const isGood = await run(step);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`== ${step.name} ${isGood ? 'passed' : 'FAILED'} in ${seconds} s`);
  return isGood;
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = values.only?.split(',');
const chosen = STEPS.filter(({ name, skip }) => !skip && (only?.includes(name) ?? true));
const outcomes = new Map<string, boolean>();
const background: Promise<unknown>[] = [];
for (const step of chosen) {
  const outcome = timed(step).then((isGood) => outcomes.set(step.name, isGood));
  if (step.beside) background.push(outcome);
  else await outcome;
}
await Promise.all(background);
const failed = chosen.map(({ name }) => name).filter((name) => !outcomes.get(name));
console.log(failed.length === 0 ? '\nAll steps passed.' : `\nFailed: ${failed.join(', ')}`);
console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
