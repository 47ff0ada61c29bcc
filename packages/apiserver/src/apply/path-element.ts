import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { writeJson } from '../codec/json-writer.ts';
import { readJson } from '../codec/json-reader.ts';

/** Go's encoder escapes what HTML would take for markup. */
function encode(value: Value): string {
  const text = writeJson(value);
  if (!/[<>&\u2028\u2029]/.test(text)) return text;
  return text.replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** `f:name`: a field of a map. */
export const fieldElement = (name: string): string => `f:${name}`;

/** `v:"x"`: an item of a set. */
export const valueElement = (value: Value): string => `v:${encode(value)}`;

/** `k:{"name":"x"}`: an item of a keyed list, by its keys in alphabetical order. */
export function keyElement(keys: Readonly<Record<string, Value>>): string {
  const pairs = Object.keys(keys)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${encode(keys[name] ?? null)}`);
  return `k:{${pairs.join(',')}}`;
}

/** Elements that were read already; the same few come with every update of an object. */
const known = new Map<string, string | undefined>();
const MAX_KNOWN = 10_000;

/** Reads an element as clients write it and gives its only right form; undefined for kinds that nobody knows yet. */
export function canonicalElement(text: string): string | undefined {
  if (text.startsWith('f:')) return text;
  if (known.has(text)) return known.get(text);
  const canonical = readElement(text);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, canonical);
  return canonical;
}

function readElement(text: string): string | undefined {
  const kind = text.slice(0, 2);
  const content = text.slice(2);
  switch (kind) {
    case 'v:':
      return valueElement(readJson(content).value);
    case 'k:': {
      const keys = readJson(content).value;
      return isObject(keys) ? keyElement(keys) : undefined;
    }
    case 'i:':
      return /^[+-]?\d+$/.test(content) ? `i:${Number(content)}` : undefined;
    default:
      return undefined;
  }
}

function formatKeys(keys: ObjectValue): string {
  return Object.keys(keys)
    .sort()
    .map((name) => `${name}=${writeJson(keys[name] ?? null)}`)
    .join(',');
}

function formatElement(element: string): string {
  const content = element.slice(2);
  switch (element.slice(0, 2)) {
    case 'f:':
      return `.${content}`;
    case 'k:': {
      const keys = readJson(content).value;
      return `[${isObject(keys) ? formatKeys(keys) : content}]`;
    }
    case 'v:':
      return `[=${content}]`;
    default:
      return `[${content}]`;
  }
}

/** Writes a path as conflicts show it: `.spec.containers[name="c"].image`. */
export function formatFieldPath(path: readonly string[]): string {
  return path.map(formatElement).join('');
}
