import type { PatchObject, PatchValue } from '@reeve/api';
import type { DocumentFacts, Pairs } from './json-reader.ts';
import { isExactObject, NumberLiteral, toPlain } from './number-literal.ts';
import type { ExactObject, ExactValue } from './number-literal.ts';

/** Stands for a number literal inside a patch; no JSON that anybody writes holds such a string. */
const TOKEN = '\u0000number ';

/**
 * Takes what plain JSON cannot hold through a patch: numbers such as `3.0`, which are not equal to 3 and no integers, and
 * objects that repeat a key, which the result still does. The real server patches the text and loses neither.
 */
export class ExactPatch {
  /** The patch to apply. */
  readonly patch: PatchValue;
  readonly #literals = new Map<string, NumberLiteral>();
  readonly #repeated = new Map<object, readonly (readonly [string, PatchValue])[]>();

  constructor({ exact, repeated }: DocumentFacts) {
    this.patch = this.#hide(exact, repeated);
  }

  #hide(value: ExactValue, repeated: DocumentFacts['repeated']): PatchValue {
    if (value instanceof NumberLiteral) {
      const token = `${TOKEN}${this.#literals.size}`;
      this.#literals.set(token, value);
      return token;
    }
    if (Array.isArray(value)) return value.map((item) => this.#hide(item, repeated));
    if (!isExactObject(value)) return value;
    const pairs = (repeated.get(value) ?? Object.entries(value)).map(
      ([key, item]) => [key, this.#hide(item, repeated)] as const,
    );
    const hidden: PatchObject = Object.fromEntries(pairs);
    if (repeated.has(value)) this.#repeated.set(hidden, pairs);
    return hidden;
  }

  /** What the patched document says beyond its plain value. */
  reveal(patched: PatchValue): DocumentFacts {
    const repeated = new Map<ExactObject, Pairs>();
    const exact = this.#show(patched, repeated);
    return { exact, repeated, duplicates: repeated.size === 0 ? [] : [''] };
  }

  #show(value: PatchValue, repeated: Map<ExactObject, Pairs>): ExactValue {
    if (typeof value === 'string') return this.#literals.get(value) ?? value;
    if (Array.isArray(value)) return value.map((item) => this.#show(item, repeated));
    if (typeof value !== 'object' || value === null) return value;
    const given = this.#repeated.get(value);
    const pairs = (given ?? Object.entries(value)).map(([key, item]) => [key, this.#show(item, repeated)] as const);
    const shown: ExactObject = Object.fromEntries(pairs);
    if (given !== undefined) repeated.set(shown, pairs);
    return shown;
  }
}

/** The plain value of a patched document. */
export function plainOf({ exact }: DocumentFacts): PatchValue {
  return toPlain(exact);
}
