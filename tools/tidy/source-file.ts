import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One TypeScript source of the repository. */
export interface SourceFile {
  /** Below the repository's root, `packages/api/src/meta.ts`. */
  readonly path: string;
  /** The workspace that it is in, `packages/api`; empty for tools and tests outside of them. */
  readonly workspace: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly line: number;
  readonly specifier: string;
  /** The imported file's path in the repository, for relative imports. */
  readonly target: string | undefined;
}

/** All tracked and new TypeScript files. */
export function readSources(root: string): readonly SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--deduplicate', '*.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const paths = listed.split('\n').filter((path) => path !== '' && !path.endsWith('.d.ts'));
  return paths.flatMap((path) => {
    const text = readText(join(root, path));
    return text === undefined ? [] : [parseSource(path, text)];
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // deleted but still tracked
  }
}

export function parseSource(path: string, text: string): SourceFile {
  const workspace = /^(?:packages|operators|apps)\/[^/]+/.exec(path)?.[0] ?? '';
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  const imports = [...found].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const line = text.slice(0, match.index).split('\n').length;
    return {
      line,
      specifier,
      target: specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : undefined,
    };
  });
  const isTest = /\.(test|test-d)\.ts$/.test(path) || /^(test|bench)\//.test(path) || path.includes('/testing/');
  return { path, workspace, text, isTest, imports };
}
