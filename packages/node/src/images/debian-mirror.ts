import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from './image-error.ts';

const SOURCES = '/etc/apt';

/**
 * The base URL of the Debian mirror to fetch from, without a trailing slash: `REEVE_DEBIAN_MIRROR`, else the first
 * mirror that the machine's own apt sources name for a Debian suite (both the one-line and the deb822 form,
 * sources.list(5)). Throws NO_MIRROR when there is none.
 */
export async function debianMirror(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const named = env['REEVE_DEBIAN_MIRROR'];
  if (named) return named.replace(/\/+$/, '');
  for (const text of await readSources()) {
    const found = mirrorIn(text);
    if (found !== undefined) return found;
  }
  throw new ImageError(
    'NO_MIRROR',
    `No Debian mirror is known: ${SOURCES} names none. Set REEVE_DEBIAN_MIRROR to the base URL of one.`,
  );
}

/** The first mirror in the text of one apt source file that serves Debian itself (its path ends in `/debian`). */
export function mirrorIn(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const uri = /^(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(https?:\/\/\S+)/.exec(line.trim())?.[1];
    if (uri !== undefined && /\/debian\/?$/.test(uri)) return uri.replace(/\/+$/, '');
  }
  return undefined;
}

async function readSources(): Promise<readonly string[]> {
  const folder = join(SOURCES, 'sources.list.d');
  const names = await readdir(folder).catch(() => []);
  const files = [join(SOURCES, 'sources.list'), ...names.sort().map((name) => join(folder, name))];
  return Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
}
