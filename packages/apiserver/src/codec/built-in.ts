import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { DecodeState, StrictProblems } from './decode-state.ts';
import { structCodec } from './go-compiler.ts';
import type { DocumentFacts } from './json-reader.ts';
import { isExactObject } from './number-literal.ts';
import type { ExactObject, ExactValue } from './number-literal.ts';

/** A built-in object as Go prints it, and what strict field validation finds (`unknown field "spec.foo"`, in order). */
export interface DecodedBuiltIn {
  readonly object: ObjectValue;
  readonly problems: readonly string[];
}

/** Where a key is repeated, Go decodes the second value into the first: objects merge. */
function mergeRepeated(value: ExactValue, facts: DocumentFacts): ExactValue {
  if (Array.isArray(value)) return value.map((item) => mergeRepeated(item, facts));
  if (!isExactObject(value)) return value;
  const merged: ExactObject = {};
  for (const [key, item] of facts.repeated.get(value) ?? Object.entries(value)) {
    const inner = mergeRepeated(item, facts);
    const before = merged[key];
    merged[key] = isExactObject(before) && isExactObject(inner) ? { ...before, ...inner } : inner;
  }
  return merged;
}

/**
 * Decodes JSON into a built-in Go type (`goTypeOf`) and prints it again: types checked, unknown fields dropped, times,
 * quantities and base64 canonical, fields in or out as Go's tags say. The input is not changed.
 * Throws a StatusError (400) whose message is Go's (`json: cannot unmarshal …`), for the caller to put into context.
 */
export function decodeBuiltIn(goType: string, value: Value, facts?: DocumentFacts): DecodedBuiltIn {
  const codec = structCodec(goType);
  const state = new DecodeState();
  const input = facts === undefined ? value : mergeRepeated(facts.exact, facts);
  const decoded = codec.decode(input, state) ?? codec.zero();
  const object = isObject(decoded) ? decoded : {};
  if (!state.hasUnknown && (facts === undefined || facts.duplicates.length === 0)) return { object, problems: [] };
  const problems = new StrictProblems(facts?.repeated);
  codec.findProblems?.(facts?.exact ?? value, '', problems);
  return { object, problems: problems.messages() };
}
