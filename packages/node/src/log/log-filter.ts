import type { LogOptions } from '@reeve/api';

import { parseLogLine } from './log-line.ts';
import type { LogLine } from './log-line.ts';

/** Records that `since…` lets through begin at this RFC 3339 time; undefined for all. */
export function startTime(options: LogOptions, nowMs: number): number | undefined {
  if (options.sinceSeconds !== undefined) return nowMs - options.sinceSeconds * 1000;
  return options.sinceTime === undefined ? undefined : Date.parse(options.sinceTime);
}

/** Splits complete records off `bytes`; the rest waits for more. */
export function takeRecords(bytes: Buffer): { readonly lines: readonly LogLine[]; readonly rest: Buffer } {
  const lines: LogLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    const line = parseLogLine(bytes.subarray(start, end));
    if (line !== undefined) lines.push(line);
    start = end + 1;
  }
  return { lines, rest: bytes.subarray(start) };
}

/** What the client sees of a record. */
export function renderLine(line: LogLine, timestamps: boolean): Buffer {
  const parts = [line.text];
  if (timestamps) parts.unshift(Buffer.from(`${line.time} `));
  if (line.full) parts.push(Buffer.from('\n'));
  return Buffer.concat(parts);
}

/** The last `count` lines; pieces of a long line count as one. */
export function tail(lines: readonly LogLine[], count: number): readonly LogLine[] {
  let seen = 0;
  let start = lines.length;
  while (start > 0) {
    if (lines[start - 1]?.full === true) {
      if (seen === count) break;
      seen++;
    }
    start--;
  }
  return lines.slice(start);
}
