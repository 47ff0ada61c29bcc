import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cyclesAmong, findingsIn, undeclared } from './rules.ts';
import { parseSource } from './source-file.ts';

const cases: readonly { name: string; path: string; text: string; finding: RegExp | undefined }[] = [
  {
    name: 'a downward import is fine',
    path: 'packages/kube/src/a.ts',
    text: "import { x } from '@reeve/api';",
    finding: undefined,
  },
  {
    name: 'an upward import is told',
    path: 'packages/kube/src/a.ts',
    text: "import { x } from '@reeve/operator';",
    finding: /may not import @reeve\/operator/,
  },
  {
    name: 'the API server never imports the client',
    path: 'packages/apiserver/src/a.ts',
    text: "import type { Client } from '@reeve/kube';",
    finding: /may not import/,
  },
  {
    name: 'a test may import more',
    path: 'packages/apiserver/src/a.test.ts',
    text: "import { x } from '@reeve/kube';",
    finding: undefined,
  },
  {
    name: 'reaching into another package is told',
    path: 'packages/kube/src/a.ts',
    text: "import { x } from '../../api/src/meta.ts';",
    finding: /reaches into another package/,
  },
  {
    name: 'reaching past an entry is told',
    path: 'packages/operator/src/a.ts',
    text: "import { x } from '@reeve/kube/src/a';",
    finding: /past the package's entry/,
  },
  {
    name: 'the pure package does no I/O',
    path: 'packages/api/src/a.ts',
    text: "import { readFile } from 'node:fs';",
    finding: /without I\/O/,
  },
  { name: 'the clock is injected', path: 'packages/kube/src/a.ts', text: 'const t = Date.now();', finding: /Clock/ },
  {
    name: 'comments may speak of the clock',
    path: 'packages/kube/src/a.ts',
    text: '// not Date.now()',
    finding: undefined,
  },
  {
    name: 'a method of that name is fine',
    path: 'packages/kube/src/a.ts',
    text: 'socket.setTimeout(5);',
    finding: undefined,
  },
  {
    name: 'plain errors are told',
    path: 'packages/kube/src/a.ts',
    text: "throw new Error('x');",
    finding: /error class/,
  },
  { name: 'file names are kebab-case', path: 'packages/kube/src/fooBar.ts', text: '', finding: /kebab-case/ },
  { name: 'a drawer of odds and ends is told', path: 'packages/kube/src/utils.ts', text: '', finding: /noun/ },
];

for (const { name, path, text, finding } of cases) {
  test(name, () => {
    const findings = findingsIn(parseSource(path, text));
    if (finding === undefined) assert.deepEqual(findings, []);
    else assert.match(findings.join('\n'), finding);
  });
}

test('an import cycle is told once', () => {
  const files = [
    parseSource('packages/kube/src/a.ts', "import { b } from './b.ts';"),
    parseSource('packages/kube/src/b.ts', "import { a } from './a.ts';"),
  ];
  assert.deepEqual(cyclesAmong(files), [
    'import cycle: packages/kube/src/a.ts -> packages/kube/src/b.ts -> packages/kube/src/a.ts',
  ]);
});

test('an import that package.json does not name is told', () => {
  const file = parseSource('packages/kube/src/a.ts', "import { z } from 'zod';");
  assert.equal(undeclared([file], new Map([['packages/kube', new Set<string>()]])).length, 1);
  assert.equal(undeclared([file], new Map([['packages/kube', new Set(['zod'])]])).length, 0);
});
