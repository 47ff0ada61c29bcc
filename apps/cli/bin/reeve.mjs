#!/usr/bin/env node
// Starts the command under the Node that the workspace carries. Plain JavaScript: the host's Node may be older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const carried = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url));
const node = existsSync(carried) ? carried : process.execPath;
const child = spawn(
  node,
  ['--conditions=@reeve/source', '--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 130 : 1);
});
