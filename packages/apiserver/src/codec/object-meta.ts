import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { DecodeState, StrictProblems } from './decode-state.ts';
import { structCodec } from './go-compiler.ts';
import type { DocumentFacts } from './json-reader.ts';

const OBJECT_META = 'k8s.io/apimachinery/pkg/apis/meta/v1.ObjectMeta';

/**
 * Decodes the metadata of an object that has no Go type, as all objects have the same metadata: checks types, drops
 * unknown fields and tells them (`unknown field "metadata.foo"`). Throws a StatusError (400) with Go's text.
 */
export function decodeObjectMeta(
  metadata: Value,
  path = 'metadata',
  facts?: DocumentFacts,
): { readonly metadata: ObjectValue; readonly problems: readonly string[] } {
  const codec = structCodec(OBJECT_META);
  const state = new DecodeState();
  const decoded = codec.decode(metadata, state);
  const problems = new StrictProblems(facts?.repeated);
  if (state.hasUnknown) codec.findProblems?.(metadata, path, problems);
  return { metadata: isObject(decoded) ? decoded : {}, problems: problems.messages() };
}
