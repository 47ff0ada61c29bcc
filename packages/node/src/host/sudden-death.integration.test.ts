import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { checkSandbox } from './sandbox-check.ts';

const skip = checkSandbox();
const program = fileURLToPath(new URL('../testing/doomed-cluster.ts', import.meta.url));

test('pods, processes and sandbox end with a cluster process that is killed', { skip }, async () => {
  const marker = mkdtempSync(join(tmpdir(), 'reeve-doomed-'));
  const child = spawn(process.execPath, ['--conditions=@reeve/source', program], {
    env: { ...process.env, TMPDIR: marker },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  assert.equal(line, 'running');
  assert.ok(processesNaming(marker).length >= 3, 'the agent and a container are there');
  child.kill('SIGKILL');
  const deadline = performance.now() + 10_000;
  let left = processesNaming(marker);
  while (left.length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = processesNaming(marker);
  }
  assert.deepEqual(left, []);
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(marker));
  rmSync(marker, { recursive: true, force: true });
});

/** Command lines of other processes that hold the directory's name: the agent's, and each container's setup. */
function processesNaming(directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((command) => command.includes(directory));
}
