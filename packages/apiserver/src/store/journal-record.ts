import { crc32 } from 'node:zlib';
import type { JournalEntry } from './store.ts';

/**
 * One write as a line: checksum, collection, key, revision and the object's JSON, with tabs between. JSON text holds
 * neither tabs nor line breaks; names of some kinds may, so keys are written as JSON too.
 */
export function recordLine({ collection, key, revision, json }: JournalEntry): string {
  const text = `${collection}\t${JSON.stringify(key)}\t${revision}\t${json ?? ''}`;
  return `${checksum(text)}\t${text}\n`;
}

/** Reads a line without its line break; undefined if it is torn or damaged. */
export function parseRecord(line: string): JournalEntry | undefined {
  const tab = line.indexOf('\t');
  const text = line.slice(tab + 1);
  if (tab < 0 || checksum(text) !== line.slice(0, tab)) return undefined;
  const [collection = '', key = '', revision = '', json = ''] = text.split('\t');
  return {
    collection,
    key: JSON.parse(key) as string,
    revision: Number(revision),
    json: json === '' ? undefined : json,
  };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
