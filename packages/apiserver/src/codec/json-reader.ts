import { badRequest } from '../status-error.ts';
import type { Value } from '../value.ts';
import { NumberLiteral, toPlain } from './number-literal.ts';
import type { ExactObject, ExactValue } from './number-literal.ts';

/** Every pair of an object as written, repeated keys included. */
export type Pairs = readonly (readonly [string, ExactValue])[];

/** What a document says beyond its plain value. Most have neither, and then there is no such record. */
export interface DocumentFacts {
  /** The whole document with number literals kept. */
  readonly exact: ExactValue;
  /** The pairs of those objects (of the exact value) that repeat a key. */
  readonly repeated: ReadonlyMap<ExactObject, Pairs>;
  /** `spec.ports[0].name` of each repeated key, in order. */
  readonly duplicates: readonly string[];
}

export interface JsonDocument {
  /** Of repeated keys the last one counts. */
  readonly value: Value;
  readonly facts?: DocumentFacts;
}

/** Deeper documents are refused. Go's limit is 10,000, more than the stack holds here, and nobody needs a tenth of it. */
const MAX_DEPTH = 1000;
/** Integers outside of int64 become floats, as in Go. */
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** How Go's scanner quotes a byte in an error. */
function quoteCharacter(character: string): string {
  if (character === "'") return String.raw`'\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #hasFacts = false;
  readonly #repeated = new Map<ExactObject, Pairs>();
  readonly #duplicates: string[] = [];
  readonly #path: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): { exact: ExactValue; facts: DocumentFacts | undefined } {
    this.#skipSpace();
    const exact = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
    const facts = { exact, repeated: this.#repeated, duplicates: this.#duplicates };
    return { exact, facts: this.#hasFacts ? facts : undefined };
  }

  #unexpected(context: string): Error {
    const character = this.#text[this.#at];
    if (character === undefined) return badRequest('unexpected end of JSON input');
    return badRequest(`invalid character ${quoteCharacter(character)} ${context}`);
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #value(): ExactValue {
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object();
      case 0x5b:
        return this.#list();
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #word<T extends boolean | null>(word: string, value: T): T {
    for (let i = 1; i < word.length; i++) {
      this.#at++;
      if (this.#text[this.#at] !== word[i]) throw this.#unexpected(`in literal ${word} (expecting '${word[i] ?? ''}')`);
    }
    this.#at++;
    return value;
  }

  #number(): number | bigint | NumberLiteral {
    NUMBER.lastIndex = this.#at;
    const text = NUMBER.exec(this.#text)?.[0];
    if (text === undefined) throw this.#badNumber();
    this.#at += text.length;
    const number = Number(text);
    const isExact = Number.isSafeInteger(number) || !Number.isInteger(number);
    if (isExact && String(number) === text) return number;
    if (/^-?\d+$/.test(text) && text !== '-0') {
      const integer = BigInt(text);
      if (integer >= INT64_MIN && integer <= INT64_MAX) return integer;
    }
    this.#hasFacts = true;
    return new NumberLiteral(text);
  }

  #badNumber(): Error {
    if (this.#text[this.#at] !== '-') return this.#unexpected('looking for beginning of value');
    this.#at++;
    return this.#unexpected('in numeric literal');
  }

  #string(): string {
    const start = ++this.#at;
    const end = this.#text.indexOf('"', start);
    if (end >= 0) {
      const plain = this.#text.slice(start, end);
      if (!hasSpecial(plain)) {
        this.#at = end + 1;
        return plain;
      }
    }
    return this.#escapedString();
  }

  #escapedString(): string {
    let result = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw badRequest('unexpected end of JSON input');
      if (character < ' ') throw this.#unexpected('in string literal');
      this.#at++;
      if (character === '"') return result;
      result += character === '\\' ? this.#escape() : character;
    }
  }

  #escape(): string {
    const character = this.#text[this.#at] ?? '';
    const plain = ESCAPES[character];
    if (plain === undefined && character !== 'u') throw this.#unexpected('in string escape code');
    this.#at++;
    if (plain !== undefined) return plain;
    for (let i = 0; i < 4; i++, this.#at++)
      if (!/[0-9a-fA-F]/.test(this.#text[this.#at] ?? ''))
        throw this.#unexpected(String.raw`in \u hexadecimal character escape`);
    return String.fromCharCode(Number.parseInt(this.#text.slice(this.#at - 4, this.#at), 16));
  }

  #list(): ExactValue[] {
    this.#enter();
    const items: ExactValue[] = [];
    this.#skipSpace();
    if (this.#text[this.#at] === ']') return this.#leave(items);
    for (;;) {
      this.#path.push(items.length);
      items.push(this.#value());
      this.#path.pop();
      this.#skipSpace();
      const separator = this.#text[this.#at];
      if (separator === ']') return this.#leave(items);
      if (separator !== ',') throw this.#unexpected('after array element');
      this.#at++;
      this.#skipSpace();
    }
  }

  #object(): ExactObject {
    this.#enter();
    const object: ExactObject = {};
    let pairs: [string, ExactValue][] | undefined;
    this.#skipSpace();
    if (this.#text[this.#at] === '}') return this.#leave(object);
    for (;;) {
      const key = this.#key();
      const isRepeated = Object.hasOwn(object, key);
      if (isRepeated) {
        pairs ??= Object.entries(object);
        this.#noteDuplicate(key);
      }
      this.#path.push(key);
      const value = this.#value();
      this.#path.pop();
      pairs?.push([key, value]);
      setKey(object, key, value);
      this.#skipSpace();
      const separator = this.#text[this.#at];
      if (separator === '}') break;
      if (separator !== ',') throw this.#unexpected('after object key:value pair');
      this.#at++;
      this.#skipSpace();
    }
    if (pairs) this.#repeated.set(object, pairs);
    return this.#leave(object);
  }

  #key(): string {
    if (this.#text[this.#at] !== '"') throw this.#unexpected('looking for beginning of object key string');
    const key = this.#string();
    this.#skipSpace();
    if (this.#text[this.#at] !== ':') throw this.#unexpected('after object key');
    this.#at++;
    this.#skipSpace();
    return key;
  }

  #noteDuplicate(key: string): void {
    this.#hasFacts = true;
    this.#duplicates.push(formatPath([...this.#path, key]));
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > MAX_DEPTH) throw badRequest('exceeded max depth');
  }

  #leave<T>(value: T): T {
    this.#at++;
    this.#depth--;
    return value;
  }
}

/** A key named `__proto__` is data like any other. */
function setKey(object: ExactObject, key: string, value: ExactValue): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else object[key] = value;
}

/** True if a string needs more than copying: escapes, or control characters, which are refused. */
function hasSpecial(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c || code < 0x20) return true;
  }
  return false;
}

/** Writes a path as Kubernetes' errors do: `spec.ports[0].name`. */
function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Reads JSON exactly. Throws a StatusError (400) whose message is what Go's decoder says. */
export function readJson(text: string): JsonDocument {
  const { exact, facts } = new JsonReader(text).document();
  if (facts === undefined) return { value: exact as Value };
  return { value: toPlain(exact), facts };
}
