import { RE2JS } from 're2js';
import { Failure, type CelValue } from '../value.ts';

/** Patterns compiled before; bounded, as patterns may come from objects. */
const compiled = new Map<string, RE2JS | Failure>();
const limit = 500;

/** Compiles a pattern of RE2, or tells what is wrong with it. */
export function compilePattern(pattern: string): RE2JS | Failure {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= limit) compiled.clear();
  const made = tryCompile(pattern);
  compiled.set(pattern, made);
  return made;
}

function tryCompile(pattern: string): RE2JS | Failure {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return new Failure(said.startsWith('error parsing regexp: ') ? said : `error parsing regexp: ${said}`);
  }
}

/** True if a pattern is found anywhere in a text. */
export function matchPattern(text: string, pattern: string): CelValue {
  const expression = compilePattern(pattern);
  return expression instanceof Failure ? expression : expression.test(text);
}
