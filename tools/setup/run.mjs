// Runs one of the project's commands after setting up what is missing. Plain JavaScript for Node 18 and up, since it
// starts before the dependencies (and with them Node 24) are there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NODE_MIN = 20;
const PROGRAMS = {
  // A small nursery: the garbage collector runs more often, the cluster takes less memory.
  start: ['--max-semi-space-size=4', 'apps/cli/src/main.ts', 'start'],
  demo: ['--max-semi-space-size=4', 'apps/cli/src/main.ts', 'demo'],
  test: ['tools/test.ts'],
  bench: ['bench/main.ts'],
  vectors: ['tools/vectors.ts'],
};

function fail(message) {
  console.error(`reeve: ${message}`);
  process.exit(1);
}

/** True when each package of the lock file is installed in its version: npm keeps a copy of what it installed. */
function isInstalled() {
  const read = (file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')).packages;
  if (!existsSync(`${root}/node_modules/.package-lock.json`) || !existsSync(`${root}/node_modules/node/bin/node`))
    return false;
  const installed = read('node_modules/.package-lock.json');
  const wanted = Object.entries(read('package-lock.json')).filter(
    ([path, { link, optional }]) => path.includes('node_modules/') && !link && !optional,
  );
  return wanted.every(([path, { version }]) => installed[path]?.version === version);
}

function install() {
  console.error('reeve: installing dependencies (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0)
    fail('the dependencies could not be installed. Is the npm registry reachable ("npm ping")? Nothing was started.');
  if (!existsSync(`${root}/node_modules/node/bin/node`)) {
    fail(
      'npm did not set up Node 24 (the package "node"): its install script must be allowed; see "npm install-scripts ls".',
    );
  }
}

const [command, ...args] = process.argv.slice(2);
const program = PROGRAMS[command];
if (!program) fail(`unknown command "${command}"; there are ${Object.keys(PROGRAMS).join(', ')}`);
if (process.platform !== 'linux')
  fail('the local cluster runs pods as Linux processes, so it needs Linux (a virtual machine will do).');
if (Number(process.versions.node.split('.')[0]) < NODE_MIN)
  fail(`Node ${NODE_MIN} or newer is needed, this is ${process.version}.`);
if (!isInstalled()) install();

// Compiled code is kept beside the fetched programs: the second start is quick.
const cache = process.env.REEVE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'reeve');
const compileCache = join(cache, 'compiled');
const child = spawn(`${root}/node_modules/node/bin/node`, ['--conditions=@reeve/source', ...program, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: {
    NODE_COMPILE_CACHE: compileCache,
    MALLOC_ARENA_MAX: '2',
    ...process.env,
    PATH: `${root}/node_modules/.bin:${process.env.PATH}`,
  },
});
// The program cleans up; this one waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
