import type { ListMeta } from '@reeve/api';
import { comma, endOfValue, findMember, openBrace, openBracket, skipSpace } from './json-scan.ts';

/** A list answer with its items still unparsed. */
export interface RawList {
  readonly metadata: ListMeta;
  readonly items: readonly Buffer[];
}

/** Finds the items of a list answer; each can then be parsed alone, so that a long list never blocks the event loop. */
export function splitList(bytes: Buffer): RawList {
  const start = skipSpace(bytes, 0);
  const items = findMember(bytes, start, 'items');
  if (items === undefined || bytes[items.value] !== openBracket) {
    const whole = JSON.parse(bytes.toString()) as { readonly metadata?: ListMeta };
    return { metadata: whole.metadata ?? {}, items: [] };
  }
  const envelope = `${bytes.toString('utf8', 0, items.value)}[]${bytes.toString('utf8', endOfValue(bytes, items.value))}`;
  const { metadata = {} } = JSON.parse(envelope) as { readonly metadata?: ListMeta };
  return { metadata, items: elements(bytes, items.value) };
}

function elements(bytes: Buffer, arrayAt: number): Buffer[] {
  const found: Buffer[] = [];
  let i = skipSpace(bytes, arrayAt + 1);
  while (bytes[i] === openBrace) {
    const end = endOfValue(bytes, i);
    found.push(bytes.subarray(i, end));
    i = skipSpace(bytes, end);
    if (bytes[i] !== comma) break;
    i = skipSpace(bytes, i + 1);
  }
  return found;
}
