import type { Value } from '../value.ts';

/** Writes JSON. Values with integers beyond 2^53 take the slow way, as `JSON.stringify` knows no bigint. */
export function writeJson(value: Value): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return writeExactly(value);
  }
}

function writeExactly(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeExactly).join(',')}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${writeExactly(item)}`);
  return `{${pairs.join(',')}}`;
}
