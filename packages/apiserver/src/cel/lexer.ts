import type { Issue } from './ast.ts';
import { readText } from './text-literal.ts';
import type { CelValue } from './value.ts';
import { Uint } from './value.ts';

export interface Token {
  readonly type: 'ident' | 'literal' | 'op' | 'end';
  readonly text: string;
  readonly at: number;
  /** For literals; undefined if the literal is out of range. */
  readonly value?: CelValue | undefined;
  /** What is wrong with a literal. */
  readonly problem?: string | undefined;
}

const operators: readonly string[] = [
  '.?',
  '[?',
  '&&',
  '||',
  '==',
  '!=',
  '<=',
  '>=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '!',
  '?',
  ':',
  '.',
  ',',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
];

const numberPattern = /^(?:0x[0-9a-fA-F]+u?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+u?)/;

/** Words that are literals or the operator of membership. */
const words: Readonly<Record<string, Omit<Token, 'at'>>> = {
  true: { type: 'literal', text: 'true', value: true },
  false: { type: 'literal', text: 'false', value: false },
  null: { type: 'literal', text: 'null', value: null },
  in: { type: 'op', text: 'in' },
};

/** Splits an expression into tokens; what is no token is reported and skipped. Offsets count code points. */
export function tokenize(source: string): { readonly tokens: readonly Token[]; readonly issues: readonly Issue[] } {
  const tokens: Token[] = [];
  const issues: Issue[] = [];
  let rest = source;
  let at = 0;
  const take = (length: number): void => {
    at += Array.from(rest.slice(0, length)).length;
    rest = rest.slice(length);
  };
  while (rest !== '') {
    const blank = /^(?:\s+|\/\/[^\n]*)/.exec(rest)?.[0];
    if (blank !== undefined) {
      take(blank.length);
      continue;
    }
    const found = nextToken(rest);
    if (found === undefined) {
      const bad = badText(rest);
      issues.push({ at, message: `Syntax error: token recognition error at: '${bad.replaceAll('\n', '\\n')}'` });
      take(bad.length);
      continue;
    }
    tokens.push({ ...found.token, at });
    take(found.length);
  }
  tokens.push({ type: 'end', text: '<EOF>', at });
  return { tokens, issues };
}

function badText(rest: string): string {
  const [first = ''] = Array.from(rest);
  if (first === '"' || first === "'") return rest.split('\n')[0] ?? rest;
  return first === '=' && rest[1] !== undefined ? `=${rest[1]}` : first;
}

interface Found {
  readonly token: Omit<Token, 'at'>;
  readonly length: number;
}

function nextToken(rest: string): Found | undefined {
  const literal = readText(rest);
  if (literal) return { token: { type: 'literal', ...literal }, length: literal.text.length };
  const number = numberPattern.exec(rest)?.[0];
  if (number !== undefined) return { token: numberToken(number), length: number.length };
  const name = /^[_a-zA-Z][_a-zA-Z0-9]*/.exec(rest)?.[0];
  if (name !== undefined)
    return { token: Object.hasOwn(words, name) ? (words[name] ?? ident(name)) : ident(name), length: name.length };
  const operator = operators.find((candidate) => rest.startsWith(candidate));
  return operator === undefined ? undefined : { token: { type: 'op', text: operator }, length: operator.length };
}

const ident = (text: string): Omit<Token, 'at'> => ({ type: 'ident', text });

function numberToken(text: string): Omit<Token, 'at'> {
  const isHex = text.startsWith('0x');
  if (!isHex && /[.eE]/.test(text)) {
    const value = Number(text);
    return { type: 'literal', text, value, ...(Number.isFinite(value) ? {} : { problem: 'invalid double literal' }) };
  }
  if (text.endsWith('u')) {
    const value = BigInt(text.slice(0, -1));
    const problem = value < 2n ** 64n ? undefined : 'invalid uint literal';
    return { type: 'literal', text, value: new Uint(value), problem };
  }
  // The range is checked by the parser, which knows of a minus sign before it.
  return { type: 'literal', text, value: BigInt(text) };
}
