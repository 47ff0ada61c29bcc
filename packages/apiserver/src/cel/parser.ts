import type { Expr, Issue, MapEntry } from './ast.ts';
import { tokenize, type Token } from './lexer.ts';
import { expandMacro } from './macros.ts';

export interface Parsed {
  /** Undefined if there are issues. */
  readonly expr: Expr | undefined;
  readonly issues: readonly Issue[];
}

/** Words that may not name a variable (CEL language definition, "Syntax"). */
const reserved: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

const expected =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const maxDepth = 250;

/** Reads an expression and expands its macros. */
export function parse(source: string): Parsed {
  const { tokens, issues } = tokenize(source);
  const parser = new Parser(tokens, [...issues]);
  const expr = parser.whole();
  return parser.issues.length > 0 ? { expr: undefined, issues: parser.issues } : { expr, issues: [] };
}

/** Where parsing ends early: the issue is already noted. */
const missing = (at: number): Expr => ({ node: 'literal', value: null, at });

const binary: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

const operatorName = (text: string): string => (text === 'in' ? '@in' : `_${text}_`);

class Parser {
  readonly #tokens: readonly Token[];
  readonly issues: Issue[];
  #position = 0;
  #depth = 0;
  #failed = false;

  constructor(tokens: readonly Token[], issues: Issue[]) {
    this.#tokens = tokens;
    this.issues = issues;
  }

  whole(): Expr {
    const expr = this.#expression();
    const next = this.#peek();
    if (!this.#failed && next.type !== 'end') {
      const isLast = this.#peek(1).type === 'end';
      this.#syntax(next, `${isLast ? 'extraneous' : 'mismatched'} input '${next.text}' expecting <EOF>`);
    }
    return expr;
  }

  #peek(ahead = 0): Token {
    const position = Math.min(this.#position + ahead, this.#tokens.length - 1);
    return this.#tokens[position] ?? { type: 'end', text: '<EOF>', at: 0 };
  }

  /** True for a token that an operand may start with: one before it that is out of place is extraneous. */
  #startsOperand({ type, text }: Token): boolean {
    return type === 'literal' || type === 'ident' || (type === 'op' && ['[', '{', '(', '.', '-', '!'].includes(text));
  }

  #next(): Token {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return token.type === 'op' && token.text === text;
  }

  #accept(text: string): Token | undefined {
    return this.#is(text) ? this.#next() : undefined;
  }

  /** Only the first syntax error is told: what follows it is guesswork. */
  #syntax({ at }: Token, message: string): void {
    if (!this.#failed) this.issues.push({ at, message: `Syntax error: ${message}` });
    this.#failed = true;
    this.#position = this.#tokens.length - 1;
  }

  #expect(text: string): void {
    const token = this.#peek();
    if (this.#accept(text) === undefined) this.#syntax(token, `missing '${text}' at '${token.text}'`);
  }

  #expression(): Expr {
    this.#depth += 1;
    if (this.#depth > maxDepth) this.#syntax(this.#peek(), 'expression recursion limit exceeded: 250');
    const condition = this.#binary(0);
    const question = this.#accept('?');
    let result = condition;
    if (question) {
      const yes = this.#binary(0);
      this.#expect(':');
      const no = this.#expression();
      result = { node: 'call', name: '_?_:_', target: undefined, args: [condition, yes, no], at: question.at };
    }
    this.#depth -= 1;
    return result;
  }

  #binary(level: number): Expr {
    const operators = binary[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.#peek();
      if (token.type !== 'op' || !operators.includes(token.text)) return left;
      this.#next();
      const right = this.#binary(level + 1);
      left = { node: 'call', name: operatorName(token.text), target: undefined, args: [left, right], at: token.at };
    }
  }

  #unary(): Expr {
    const token = this.#peek();
    if (token.type !== 'op' || (token.text !== '!' && token.text !== '-')) return this.#member(this.#primary());
    let count = 0;
    while (this.#accept(token.text)) count += 1;
    const next = this.#peek();
    const negativeLiteral = token.text === '-' && next.type === 'literal' && count % 2 === 1;
    if (negativeLiteral && (typeof next.value === 'bigint' || typeof next.value === 'number')) {
      this.#next();
      return this.#member(this.#numberLiteral({ ...next, value: -next.value, at: token.at }));
    }
    const operand = this.#member(this.#primary());
    if (count % 2 === 0) return operand;
    return { node: 'call', name: token.text === '!' ? '!_' : '-_', target: undefined, args: [operand], at: token.at };
  }

  #member(start: Expr): Expr {
    let expr = start;
    for (;;) {
      const dot = this.#accept('.') ?? this.#accept('.?');
      if (dot) expr = this.#select(expr, dot);
      else if (this.#is('[') || this.#is('[?')) expr = this.#index(expr, this.#next());
      else return expr;
    }
  }

  #select(operand: Expr, dot: Token): Expr {
    const name = this.#next();
    if (name.type !== 'ident') {
      this.#syntax(name, `no viable alternative at input '.${name.type === 'end' ? '' : name.text}'`);
      return operand;
    }
    const open = dot.text === '.' ? this.#accept('(') : undefined;
    if (open === undefined)
      return { node: 'select', operand, field: name.text, optional: dot.text === '.?', at: dot.at };
    const args = this.#list(')');
    return this.#call(name.text, operand, args, open.at);
  }

  #index(operand: Expr, open: Token): Expr {
    const index = this.#expression();
    this.#expect(']');
    const name = open.text === '[?' ? '_[?_]' : '_[_]';
    return { node: 'call', name, target: undefined, args: [operand, index], at: open.at };
  }

  #list(close: string): Expr[] {
    const items: Expr[] = [];
    if (this.#accept(close)) return items;
    do items.push(this.#expression());
    while (this.#accept(','));
    this.#expect(close);
    return items;
  }

  #call(name: string, target: Expr | undefined, args: readonly Expr[], at: number): Expr {
    const expanded = expandMacro({ name, target, args, at });
    if (expanded === undefined) return { node: 'call', name, target, args, at };
    if ('message' in expanded) {
      this.issues.push(expanded);
      return missing(at);
    }
    return expanded;
  }

  #primary(): Expr {
    const token = this.#next();
    if (token.type === 'literal') return this.#literal(token);
    if (token.type === 'ident') return this.#ident(token);
    if (token.text === '.' && token.type === 'op' && this.#peek().type === 'ident') return this.#ident(this.#next());
    if (token.type === 'op' && token.text === '-') {
      const number = this.#peek();
      if (typeof number.value === 'bigint' || typeof number.value === 'number') {
        this.#next();
        return this.#numberLiteral({ ...number, value: -number.value, at: token.at });
      }
    }
    if (token.type === 'op' && token.text === '(') {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    if (token.type === 'op' && (token.text === '[' || token.text === '[?'))
      return this.#listLiteral(token.at, token.text === '[?');
    if (token.type === 'op' && token.text === '{') return this.#mapLiteral(token.at);
    const kind = token.type !== 'end' && this.#startsOperand(this.#peek()) ? 'extraneous' : 'mismatched';
    this.#syntax(token, `${kind} input '${token.text}' expecting ${expected}`);
    return missing(token.at);
  }

  #ident(token: Token): Expr {
    if (reserved.has(token.text)) this.issues.push({ at: token.at, message: `reserved identifier: ${token.text}` });
    const open = this.#accept('(');
    if (open === undefined) return { node: 'ident', name: token.text, at: token.at };
    return this.#call(token.text, undefined, this.#list(')'), open.at);
  }

  #literal(token: Token): Expr {
    if (token.problem !== undefined) this.issues.push({ at: token.at, message: token.problem });
    return this.#numberLiteral(token);
  }

  #numberLiteral({ at, value = null }: Token): Expr {
    const limit = 2n ** 63n;
    if (typeof value === 'bigint' && (value >= limit || value < -limit))
      this.issues.push({ at, message: 'invalid int literal' });
    return { node: 'literal', value, at };
  }

  #listLiteral(at: number, startsOptional: boolean): Expr {
    const items: Expr[] = [];
    const optional = new Set<number>(startsOptional ? [0] : []);
    while (!this.#accept(']')) {
      if (this.#accept('?')) optional.add(items.length);
      items.push(this.#expression());
      if (this.#accept(',')) continue;
      this.#expect(']');
      break;
    }
    return { node: 'list', items, optional, at };
  }

  #mapLiteral(at: number): Expr {
    const entries: MapEntry[] = [];
    while (!this.#accept('}')) {
      const optional = this.#accept('?') !== undefined;
      const key = this.#expression();
      this.#expect(':');
      entries.push({ key, value: this.#expression(), optional });
      if (this.#accept(',')) continue;
      this.#expect('}');
      break;
    }
    return { node: 'map', entries, at };
  }
}
