import { child, key } from './field-path.ts';
import { valueSchema, type Schema } from './schema.ts';

/** Where a JSON path like `.spec.a` or `.m['k']` leads in a schema; or why it leads nowhere. */
export type FoundPath = { readonly path: string; readonly schema: Schema } | { readonly problem: string };

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
};

const tokenPattern = /'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]]+/gs;

/** Reads names after dots, and quoted ones in brackets if those are allowed. */
export function validFieldPath(text: string, schema: Schema, allowBrackets = true): FoundPath {
  const tokens = text.match(tokenPattern) ?? [];
  let [path, at] = ['', schema];
  for (let position = 0; position < tokens.length; position += 1) {
    const token = tokens[position] ?? '';
    if (token !== '.' && token !== '[') return { problem: `expected [ or . but got: ${token}` };
    if (token === '[' && !allowBrackets) return { problem: 'array notation is not allowed' };
    position += 1;
    const read = token === '.' ? { name: tokens[position] } : quotedName(tokens[position]);
    if ('problem' in read) return read;
    if (read.name === undefined) return { problem: 'unexpected end of JSON path' };
    const next = step(path, at, read.name);
    if ('problem' in next) return next;
    [path, at] = [next.path, next.schema];
    if (token === '.') continue;
    position += 1;
    const close = tokens[position];
    if (close === undefined) return { problem: 'unexpected end of JSON path' };
    if (close !== ']') return { problem: `expected ] but got ${close}` };
  }
  return { path, schema: at };
}

function quotedName(token: string | undefined): { readonly name: string | undefined } | { readonly problem: string } {
  if (token === undefined) return { name: undefined };
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'"))
    return { problem: `expected single quoted string but got ${token}` };
  let bad: string | undefined;
  const name = token.slice(1, -1).replace(/\\(.)/gs, (whole, letter: string) => {
    if (!(letter in escapes)) bad ??= whole;
    return escapes[letter] ?? '';
  });
  return bad === undefined ? { name } : { problem: `invalid string literal: invalid escape char ${bad}` };
}

function step(path: string, schema: Schema, name: string): FoundPath {
  if (schema.properties.size > 0) {
    const property = schema.properties.get(name);
    return property ? { path: child(path, name), schema: property } : { problem: 'does not refer to a valid field' };
  }
  const values = valueSchema(schema);
  return values ? { path: key(path, name), schema: values } : { problem: 'does not refer to a valid field' };
}
