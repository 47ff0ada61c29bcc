import { createHash } from 'node:crypto';
import type { JSONValue } from '@reeve/api';

/** A short hash of plain data, the same whatever the order of keys: tells whether a pod was made from the wanted spec. */
export function fingerprint(value: unknown): string {
  const canonical = JSON.stringify(value, (_key, part: JSONValue) => sorted(part));
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}

function sorted(part: JSONValue): JSONValue {
  if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
