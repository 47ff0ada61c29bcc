import { qualifiedName, type Expr, type Issue, type MapEntry } from './ast.ts';
import { tokenize, type Token } from './lexer.ts';
import { expandMacro } from './macros.ts';
import { binaryOperators, startsOperand, TokenReader } from './token-reader.ts';

export interface Parsed {
  /** Undefined if there are issues. */
  readonly expr: Expr | undefined;
  readonly issues: readonly Issue[];
}

/** Words that may not name a variable (CEL language definition, "Syntax"). */
const reserved: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

const maxDepth = 250;

/** Reads an expression and expands its macros. */
export function parse(source: string): Parsed {
  const { tokens, issues } = tokenize(source);
  const parser = new Parser(new TokenReader(tokens, [...issues]));
  const expr = parser.whole();
  return parser.issues.length > 0 ? { expr: undefined, issues: parser.issues } : { expr, issues: [] };
}

/** Where parsing ends early: the issue is already noted. */
const missing = (at: number): Expr => ({ node: 'literal', value: null, at });

const operatorName = (text: string): string => (text === 'in' ? '@in' : `_${text}_`);

class Parser {
  readonly #tokens: TokenReader;
  readonly issues: Issue[];
  #depth = 0;

  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
    this.issues = tokens.issues;
  }

  whole(): Expr {
    const expr = this.#expression();
    this.#tokens.expectEnd();
    return expr;
  }

  #expression(): Expr {
    this.#depth += 1;
    if (this.#depth > maxDepth) this.#tokens.syntax(this.#tokens.peek(), 'expression recursion limit exceeded: 250');
    const condition = this.#binary(0);
    const question = this.#tokens.accept('?');
    let result = condition;
    if (question) {
      const yes = this.#binary(0);
      this.#tokens.expect(':');
      const no = this.#expression();
      result = { node: 'call', name: '_?_:_', target: undefined, args: [condition, yes, no], at: question.at };
    }
    this.#depth -= 1;
    return result;
  }

  #binary(level: number): Expr {
    const operators = binaryOperators[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.#tokens.peek();
      if (token.type !== 'op' || !operators.includes(token.text)) return left;
      this.#tokens.next();
      const right = this.#binary(level + 1);
      left = { node: 'call', name: operatorName(token.text), target: undefined, args: [left, right], at: token.at };
    }
  }

  #unary(): Expr {
    const token = this.#tokens.peek();
    if (token.type !== 'op' || (token.text !== '!' && token.text !== '-')) return this.#member(this.#primary());
    let count = 0;
    while (this.#tokens.accept(token.text)) count += 1;
    const next = this.#tokens.peek();
    const negativeLiteral = token.text === '-' && next.type === 'literal' && count % 2 === 1;
    if (negativeLiteral && (typeof next.value === 'bigint' || typeof next.value === 'number')) {
      this.#tokens.next();
      return this.#member(this.#numberLiteral({ ...next, value: -next.value, at: token.at }));
    }
    const operand = this.#member(this.#primary());
    if (count % 2 === 0) return operand;
    return { node: 'call', name: token.text === '!' ? '!_' : '-_', target: undefined, args: [operand], at: token.at };
  }

  #member(start: Expr): Expr {
    let expr = start;
    for (;;) {
      const dot = this.#tokens.accept('.') ?? this.#tokens.accept('.?');
      if (dot) expr = this.#select(expr, dot);
      else if (this.#tokens.is('[') || this.#tokens.is('[?')) expr = this.#index(expr, this.#tokens.next());
      else if (this.#tokens.is('{') && qualifiedName(expr) !== undefined) expr = this.#struct(expr);
      else return expr;
    }
  }

  #select(operand: Expr, dot: Token): Expr {
    const name = this.#tokens.peek();
    if (name.type !== 'ident') {
      this.#notAName(name, dot);
      return operand;
    }
    this.#tokens.next();
    const open = dot.text === '.' ? this.#tokens.accept('(') : undefined;
    if (open === undefined)
      return { node: 'select', operand, field: name.text, optional: dot.text === '.?', at: dot.at };
    const args = this.#arguments();
    return this.#call(name.text, operand, args, open.at);
  }

  #notAName(token: Token, dot: Token): void {
    const { text } = token;
    // Here cel-go's parser goes on, with `in` as an operator.
    if (text === 'in')
      this.issues.push({ at: token.at, message: `Syntax error: no viable alternative at input '.in'` });
    else if (['true', 'false', 'null'].includes(text)) {
      const wanted = dot.text === '.' ? 'IDENTIFIER' : '{IDENTIFIER, ESC_IDENTIFIER}';
      this.#tokens.syntax(token, `mismatched input '${text}' expecting ${wanted}`);
    } else this.#tokens.syntax(token, `no viable alternative at input '.${token.type === 'end' ? '' : text}'`);
  }

  #index(operand: Expr, open: Token): Expr {
    const index = this.#tokens.within(']', () => {
      if (!startsOperand(this.#tokens.peek()))
        this.#tokens.unexpected(this.#tokens.peek(), this.#tokens.peek(1), ['?']);
      const position = this.#expression();
      this.#tokens.expect(']');
      return position;
    });
    const name = open.text === '[?' ? '_[?_]' : '_[_]';
    return { node: 'call', name, target: undefined, args: [operand, index], at: open.at };
  }

  #arguments(): Expr[] {
    return this.#tokens.within(')', () => {
      const items: Expr[] = [];
      if (this.#tokens.isEmpty(')')) return items;
      do items.push(this.#expression());
      while (this.#tokens.accept(','));
      this.#tokens.expect(')');
      return items;
    });
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
    const token = this.#tokens.next();
    if (token.type === 'literal') return this.#literal(token);
    if (token.type === 'ident') return this.#ident(token);
    if (token.text === '.' && token.type === 'op' && this.#tokens.peek().type === 'ident')
      return this.#ident(this.#tokens.next());
    if (token.type === 'op' && token.text === '-') {
      const number = this.#tokens.peek();
      if (typeof number.value === 'bigint' || typeof number.value === 'number') {
        this.#tokens.next();
        return this.#numberLiteral({ ...number, value: -number.value, at: token.at });
      }
    }
    if (token.type === 'op' && token.text === '(') {
      return this.#tokens.within(')', () => {
        const inner = this.#expression();
        this.#tokens.expect(')');
        return inner;
      });
    }
    if (token.type === 'op' && (token.text === '[' || token.text === '[?'))
      return this.#listLiteral(token.at, token.text === '[?');
    if (token.type === 'op' && token.text === '{') return this.#mapLiteral(token.at);
    this.#tokens.unexpected(token, this.#tokens.peek(), []);
    return missing(token.at);
  }

  #ident(token: Token): Expr {
    if (reserved.has(token.text)) this.issues.push({ at: token.at, message: `reserved identifier: ${token.text}` });
    const open = this.#tokens.accept('(');
    if (open === undefined) return { node: 'ident', name: token.text, at: token.at };
    return this.#call(token.text, undefined, this.#arguments(), open.at);
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
    this.#tokens.within(']', () => {
      if (!startsOptional && this.#tokens.isEmptyLiteral(']')) return;
      do {
        if (this.#tokens.accept('?')) optional.add(items.length);
        items.push(this.#expression());
      } while (this.#tokens.another(']'));
    });
    return { node: 'list', items, optional, at };
  }

  /** `Object{field: value}`. */
  #struct(type: Expr): Expr {
    const { at } = this.#tokens.next();
    const entries: MapEntry[] = [];
    this.#tokens.within('}', () => {
      if (this.#tokens.isEmptyLiteral('}')) return;
      do {
        const optional = this.#tokens.accept('?') !== undefined;
        const field = this.#tokens.peek();
        if (field.type !== 'ident') return this.#tokens.unexpected(field, this.#tokens.peek(1), []);
        this.#tokens.next();
        this.#tokens.expect(':');
        const key: Expr = { node: 'literal', value: field.text, at: field.at };
        entries.push({ key, value: this.#expression(), optional });
      } while (this.#tokens.another('}'));
    });
    return { node: 'map', entries, typeName: qualifiedName(type) ?? '', at };
  }

  #mapLiteral(at: number): Expr {
    const entries: MapEntry[] = [];
    this.#tokens.within('}', () => {
      if (this.#tokens.isEmptyLiteral('}')) return;
      do {
        const optional = this.#tokens.accept('?') !== undefined;
        const key = this.#expression();
        this.#tokens.expect(':');
        entries.push({ key, value: this.#expression(), optional });
      } while (this.#tokens.another('}'));
    });
    return { node: 'map', entries, at };
  }
}
