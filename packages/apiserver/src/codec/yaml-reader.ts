import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { badRequest } from '../status-error.ts';
import type { Value } from '../value.ts';
import { readJson } from './json-reader.ts';

/** What a YAML document holds, and the complaints of Go's strict reader: `line 7: key "a" already set in map`. */
export interface YamlDocument {
  readonly value: Value;
  readonly duplicates: readonly string[];
}

/** Go's reader is YAML 1.1 with neither base 60 numbers nor dates. */
const LEFT_OUT: ReadonlySet<string> = new Set(['INT:TIME', 'FLOAT:TIME', 'tag:yaml.org,2002:timestamp']);

const OPTIONS = {
  version: '1.1',
  intAsBigInt: true,
  uniqueKeys: false,
  merge: true,
  prettyErrors: false,
} as const;

function tagName(tag: unknown): string {
  if (typeof tag !== 'object' || tag === null) return '';
  const { tag: name, format } = tag as { tag?: unknown; format?: unknown };
  if (format === 'TIME' && typeof name === 'string') return name.endsWith('int') ? 'INT:TIME' : 'FLOAT:TIME';
  return typeof name === 'string' ? name : '';
}

function parse(text: string, lineCounter: LineCounter): Document {
  const document = parseDocument(text, {
    ...OPTIONS,
    lineCounter,
    customTags: (tags) => tags.filter((tag) => !LEFT_OUT.has(tagName(tag))),
  });
  // Of several documents the first one counts.
  const error = document.errors.find(({ code }) => code !== 'MULTIPLE_DOCS');
  if (error === undefined) return document;
  const { line } = lineCounter.linePos(error.pos[0]);
  throw badRequest(`yaml: line ${line}: ${error.message.replace(/\n[\s\S]*$/, '')}`);
}

const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key));

function duplicatesOf(map: YAMLMap, lineCounter: LineCounter): string[] {
  const seen = new Set<string>();
  return map.items.flatMap((pair) => {
    const key = keyText(pair);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const offset = (pair.key as Node | null)?.range?.[0] ?? 0;
    return [`line ${lineCounter.linePos(offset).line}: key ${JSON.stringify(key)} already set in map`];
  });
}

function toValue(value: unknown): Value {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(toValue);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), toValue(item)]));
  return String(value);
}

/** Resolves aliases, but not those of a document that would grow beyond all measure. */
function resolve(document: Document): unknown {
  try {
    return document.toJS({ mapAsMap: true });
  } catch (error) {
    if (error instanceof ReferenceError) throw badRequest('yaml: document contains excessive aliasing');
    throw error;
  }
}

function readSlowly(text: string): YamlDocument {
  const lineCounter = new LineCounter();
  const document = parse(text, lineCounter);
  const duplicates: string[] = [];
  visit(document, (_, node) => {
    if (isMap(node)) duplicates.push(...duplicatesOf(node, lineCounter));
  });
  return { value: toValue(resolve(document)), duplicates };
}

/** Reads YAML as Go's reader does. Throws a StatusError (400) whose message tells the place. */
export function readYaml(text: string): YamlDocument {
  // Programs send JSON where YAML is allowed: that is a hundred times faster to read.
  if (/^\s*\{/.test(text)) {
    try {
      const { value, facts } = readJson(text);
      if (facts === undefined || facts.duplicates.length === 0) return { value, duplicates: [] };
    } catch {
      // A flow mapping that is not JSON, or an error that YAML tells in its own words.
    }
  }
  return readSlowly(text);
}
