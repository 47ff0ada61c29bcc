/** The layering and style check: who may import whom, cycles, banned words, file names. Prints findings, exit 1 if any. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LAYERS } from './layers.ts';
import { cyclesAmong, findingsIn, undeclared } from './rules.ts';
import { readSources } from './source-file.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = readSources(root);
const manifests = new Map(
  Object.keys(LAYERS)
    .filter((workspace) => existsSync(`${root}${workspace}/package.json`))
    .map((workspace) => {
      const manifest = JSON.parse(readFileSync(`${root}${workspace}/package.json`, 'utf8')) as {
        dependencies?: Record<string, string>;
      };
      return [workspace, new Set(Object.keys(manifest.dependencies ?? {}))];
    }),
);
const findings = [...files.flatMap(findingsIn), ...cyclesAmong(files), ...undeclared(files, manifests)];
for (const finding of findings) console.log(finding);
console.log(`tidy: ${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
