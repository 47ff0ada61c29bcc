import { basename } from 'node:path';
import { LAYERS, PURE, SYSTEM_CLOCK } from './layers.ts';
import type { SourceFile } from './source-file.ts';

/** One thing to mend: `path:line: what and how`. */
export type Finding = string;

interface Banned {
  readonly pattern: RegExp;
  readonly advice: string;
  readonly allowedIn?: (file: SourceFile) => boolean;
}

const inPackages = ({ workspace }: SourceFile): boolean => workspace !== '';

const BANNED: readonly Banned[] = [
  { pattern: /\bDate\.now\(|\bnew Date\(\)/, advice: 'take the time from an injected Clock' },
  { pattern: /\bMath\.random\b/, advice: 'take chance from an injected Random' },
  { pattern: /(?<![.\w])set(?:Timeout|Interval)\(|timers\/promises/, advice: 'use Clock.schedule or sleep' },
  { pattern: /\bnew Error\(/, advice: "throw the package's own error class, with a code" },
  {
    pattern: /\bas unknown as\b|: any(?=[;,)\]=|&>]|\s*[={]|$)|\bas any\b|@ts-(?:ignore|expect-error|nocheck)/,
    advice: 'parse or narrow instead',
  },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, advice: 'do it or write it in docs/roadmap.md' },
  { pattern: /^export \* from/m, advice: 'export by name' },
];

/** Words that no file may hold, tests included. */
const BANNED_EVERYWHERE: readonly Banned[] = [
  { pattern: /\b(?:test|it|describe)\.only\(|only: true/, advice: 'run all tests' },
  {
    pattern: /deb\.debian\.org|registry\.npmjs|npmjs\.org|proxy\.golang|snapshot\.debian/,
    advice: "read hosts from the machine's configuration",
  },
];

const FILE_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:property|integration))?(?:\.test)?\.ts$/;
const NO_NOUNS = /^(?:utils?|helpers?|common|misc|shared)\.ts$/;

/** Everything wrong in one file by itself. */
export function findingsIn(file: SourceFile): readonly Finding[] {
  const name = basename(file.path);
  const findings: Finding[] = [];
  if (!FILE_NAME.test(name)) findings.push(`${file.path}: name files in kebab-case`);
  if (NO_NOUNS.test(name)) findings.push(`${file.path}: name the file after the noun it holds`);
  const isSource = inPackages(file) && !file.isTest && file.path !== SYSTEM_CLOCK && !file.path.includes('/generated/');
  const isRule = file.path.startsWith('tools/tidy/');
  if (isSource) findings.push(...banned(file, BANNED));
  if (!isRule) findings.push(...banned(file, BANNED_EVERYWHERE));
  findings.push(
    ...file.imports.flatMap((wanted) => importFindings(file, wanted.specifier, wanted.target, wanted.line)),
  );
  return findings;
}

function banned(file: SourceFile, rules: readonly Banned[]): readonly Finding[] {
  const isComment = (line: string): boolean => /^\s*(?:\*|\/[*/])/.test(line);
  return file.text
    .split('\n')
    .flatMap((line, index) =>
      (isComment(line) ? [] : rules)
        .filter(({ pattern }) => pattern.test(line))
        .map(({ advice }) => `${file.path}:${index + 1}: ${line.trim().slice(0, 60)} — ${advice}`),
    );
}

function importFindings(
  file: SourceFile,
  specifier: string,
  target: string | undefined,
  line: number,
): readonly Finding[] {
  const at = `${file.path}:${line}`;
  if (target !== undefined) {
    const isOutside = inPackages(file) && !target.startsWith(`${file.workspace}/`);
    return isOutside ? [`${at}: ${specifier} reaches into another package: import it by its name`] : [];
  }
  if (specifier.startsWith('node:')) {
    return PURE.includes(file.workspace) && !file.isTest ? [`${at}: ${specifier} in a package without I/O`] : [];
  }
  const ours = /^@reeve\/([^/]+)(.*)$/.exec(specifier);
  if (!ours || file.isTest || !inPackages(file)) return [];
  const [, name = '', rest = ''] = ours;
  if (rest !== '' && name !== 'api') return [`${at}: ${specifier} reaches past the package's entry`];
  const allowed = LAYERS[file.workspace];
  if (!allowed) return [`${at}: ${file.workspace} has no line in tools/tidy/layers.ts`];
  return allowed.includes(name) ? [] : [`${at}: ${file.workspace} may not import @reeve/${name}`];
}

/** Import cycles among files, each told once by its members. */
export function cyclesAmong(files: readonly SourceFile[]): readonly Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const findings: Finding[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      findings.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
      return;
    }
    state.set(path, 'open');
    for (const { target } of byPath.get(path)?.imports ?? [])
      if (target !== undefined && byPath.has(target)) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of files) visit(path, []);
  return findings;
}

/** Imports of packages that the workspace's package.json does not name. */
export function undeclared(
  files: readonly SourceFile[],
  manifests: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Finding[] {
  return files
    .filter((file) => inPackages(file) && !file.isTest)
    .flatMap((file) =>
      file.imports.flatMap(({ specifier, target, line }) => {
        if (target !== undefined || specifier.startsWith('node:')) return [];
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        return manifests.get(file.workspace)?.has(name)
          ? []
          : [`${file.path}:${line}: ${name} is not in ${file.workspace}/package.json`];
      }),
    );
}
