import type { Implementation, Library } from '../functions.ts';
import { ArrayList, Failure, isList, isMap, itemsOf, type CelValue } from '../value.ts';
import { formatText } from './format-text.ts';
import { noOverload } from './operator.ts';
import { matchPattern } from './pattern.ts';

const points = (text: string): string[] => Array.from(text);

const text = (value: CelValue | undefined): string => (typeof value === 'string' ? value : '');
const number = (value: CelValue | undefined): number => (typeof value === 'bigint' ? Number(value) : 0);

/** True if a text has only characters that count as one in JavaScript too. */
// oxlint-disable-next-line no-control-regex
const isPlain = (value: string): boolean => /^[\u0000-\ud7ff\ue000-\uffff]*$/.test(value);

/** Length in code points. */
export const pointCount = (value: string): number => (isPlain(value) ? value.length : points(value).length);

const size: Implementation = (value = null) => {
  if (typeof value === 'string') return BigInt(pointCount(value));
  if (value instanceof Uint8Array) return BigInt(value.length);
  return isList(value) || isMap(value) ? BigInt(value.size) : noOverload('size');
};

const outOfRange = (position: number): Failure => new Failure(`index out of range: ${position}`);

function substring(value: string, start: number, end?: number): CelValue {
  const all = points(value);
  const stop = end ?? all.length;
  if (start < 0 || start > all.length) return outOfRange(start);
  if (stop < 0 || stop > all.length) return outOfRange(stop);
  if (start > stop) return new Failure(`invalid substring range. start: ${start}, end: ${stop}`);
  return all.slice(start, stop).join('');
}

function charAt(value: string, position: number): CelValue {
  const all = points(value);
  if (position < 0 || position > all.length) return outOfRange(position);
  return all[position] ?? '';
}

function find(value: string, part: string, from: number): CelValue {
  const [all, wanted] = [points(value), points(part)];
  if (from < 0) return outOfRange(from);
  if (part === '') return BigInt(from);
  for (let at = from; at + wanted.length <= all.length; at++)
    if (wanted.every((point, offset) => all[at + offset] === point)) return BigInt(at);
  return -1n;
}

function findLast(value: string, part: string, from: number | undefined): CelValue {
  const [all, wanted] = [points(value), points(part)];
  if (from !== undefined && from < 0) return outOfRange(from);
  const start = from ?? all.length;
  if (part === '') return BigInt(start);
  if (start > all.length) return -1n;
  for (let at = Math.min(start, all.length - wanted.length); at >= 0; at--)
    if (wanted.every((point, offset) => all[at + offset] === point)) return BigInt(at);
  return -1n;
}

function replace(value: string, from: string, to: string, limit: number): string {
  const parts = split(value, from, limit < 0 ? -1 : limit + 1);
  if (from !== '') return parts.join(to);
  const all = points(value);
  const count = limit < 0 ? all.length + 1 : Math.min(limit, all.length + 1);
  return Array.from({ length: all.length + 1 }, (_, at) => `${at < count ? to : ''}${all[at] ?? ''}`).join('');
}

/** At most `limit` parts, the last one with the rest; all if negative. */
function split(value: string, separator: string, limit: number): string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? points(value) : value.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

const ascii = (value: string, from: RegExp, change: (part: string) => string): string => value.replace(from, change);

function join(list: CelValue, separator: string): CelValue {
  if (!isList(list)) return noOverload();
  const items = itemsOf(list);
  if (!items.every((item) => typeof item === 'string')) return noOverload();
  return items.join(separator);
}

/** Go's unicode.IsSpace. */
const blanks = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const trimmed = new RegExp(`^${blanks}+|${blanks}+$`, 'g');

const startsWith: Implementation = (value, part) => text(value).startsWith(text(part));
const matches: Implementation = (value, pattern) => matchPattern(text(value), text(pattern));

/** Standard string functions and the extension of version 2. */
export const textLibrary: Library = [
  ...['string', 'bytes', 'list<A>', 'map<A, B>'].flatMap((type): Library => [
    [`size(${type}): int`, size],
    [`${type}.size(): int`, size],
  ]),
  ['string.contains(string): bool', (value, part) => text(value).includes(text(part))],
  ['string.startsWith(string): bool', startsWith],
  ['string.endsWith(string): bool', (value, part) => text(value).endsWith(text(part))],
  ['string.matches(string): bool', matches],
  ['matches(string, string): bool', matches],
  ['string.charAt(int): string', (value, at) => charAt(text(value), number(at))],
  ['string.indexOf(string): int', (value, part) => find(text(value), text(part), 0)],
  ['string.indexOf(string, int): int', (value, part, from) => find(text(value), text(part), number(from))],
  ['string.lastIndexOf(string): int', (value, part) => findLast(text(value), text(part), undefined)],
  ['string.lastIndexOf(string, int): int', (value, part, from) => findLast(text(value), text(part), number(from))],
  ['string.lowerAscii(): string', (value) => ascii(text(value), /[A-Z]+/g, (part) => part.toLowerCase())],
  ['string.upperAscii(): string', (value) => ascii(text(value), /[a-z]+/g, (part) => part.toUpperCase())],
  ['string.replace(string, string): string', (value, from, to) => replace(text(value), text(from), text(to), -1)],
  [
    'string.replace(string, string, int): string',
    (value, from, to, limit) => replace(text(value), text(from), text(to), number(limit)),
  ],
  ['string.split(string): list<string>', (value, by) => new ArrayList(split(text(value), text(by), -1))],
  [
    'string.split(string, int): list<string>',
    (value, by, limit) => new ArrayList(split(text(value), text(by), number(limit))),
  ],
  ['string.substring(int): string', (value, start) => substring(text(value), number(start))],
  ['string.substring(int, int): string', (value, start, end) => substring(text(value), number(start), number(end))],
  ['string.trim(): string', (value) => text(value).replace(trimmed, '')],
  ['list<string>.join(): string', (list = null) => join(list, '')],
  ['list<string>.join(string): string', (list = null, by) => join(list, text(by))],
  [
    'string.format(list<dyn>): string',
    (value, list = null) => formatText(text(value), isList(list) ? itemsOf(list) : []),
  ],
  ['strings.quote(string): string', (value) => quote(text(value))],
];

const quoted: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** A text as a literal. */
function quote(value: string): string {
  return `"${points(value)
    .map((point) => quoted[point] ?? point)
    .join('')}"`;
}
