import type { Issue } from './ast.ts';
import type { Token } from './lexer.ts';

/** Operators between two operands, those that bind loosest first. */
export const binaryOperators: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

const starts: readonly string[] = ['[', ']', '{', '}', '(', ')', '.', ',', '-', '!', '?'];
const operandStarts: ReadonlySet<string> = new Set(['[', '[?', '{', '(', '.', '-', '!']);

/** What an operand, or one of `extra`, may start with, in the order of cel-go's grammar. */
function expected(extra: readonly string[]): string {
  const texts = starts.filter((text) => operandStarts.has(text) || extra.includes(text)).map((text) => `'${text}'`);
  return `{${texts.join(', ')}, 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}`;
}

/** True for a token that an operand may start with. */
export const startsOperand = ({ type, text }: Token): boolean =>
  type === 'literal' || type === 'ident' || (type === 'op' && operandStarts.has(text));

/** What may come after an operand. */
const continuations: ReadonlySet<string> = new Set([...binaryOperators.flat(), '?', '.', '[']);

/** Takes tokens one by one, and tells in the words of cel-go's parser what is out of place. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly issues: Issue[];
  #position = 0;
  #failed = false;
  /** The brackets that are open. */
  readonly #closers: string[] = [];

  constructor(tokens: readonly Token[], issues: Issue[]) {
    this.#tokens = tokens;
    this.issues = issues;
  }

  /** The token that comes next, or one after it. */
  peek(ahead = 0): Token {
    const position = Math.min(this.#position + ahead, this.#tokens.length - 1);
    return this.#tokens[position] ?? { type: 'end', text: '<EOF>', at: 0 };
  }

  next(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  is(text: string): boolean {
    const token = this.peek();
    return token.type === 'op' && token.text === text;
  }

  /** Takes the next token if it is this one. */
  accept(text: string): Token | undefined {
    return this.is(text) ? this.next() : undefined;
  }

  /** Only the first syntax error is told: what follows it is guesswork. */
  syntax({ at }: Token, message: string): void {
    if (!this.#failed) this.issues.push({ at, message: `Syntax error: ${message}` });
    this.#failed = true;
    this.#position = this.#tokens.length - 1;
  }

  /** A token out of place, in a parser that could go on without it or by making up what is missing (as ANTLR does). */
  expect(text: string): void {
    const token = this.peek();
    if (this.accept(text) !== undefined) return;
    if (this.peek(1).type === 'op' && this.peek(1).text === text)
      this.syntax(token, `extraneous input '${token.text}' expecting '${text}'`);
    else if (this.#follows(text, token)) this.syntax(token, `missing '${text}' at '${token.text}'`);
    else this.syntax(token, `mismatched input '${token.text}' expecting '${text}'`);
  }

  #follows(text: string, token: Token): boolean {
    if (text === ':') return startsOperand(token);
    const outer = this.#closers.at(-2);
    if (token.type === 'end') return outer === undefined;
    return token.type === 'op' && (continuations.has(token.text) || token.text === outer);
  }

  /** Reads up to the closing bracket. */
  within<T>(close: string, read: () => T): T {
    this.#closers.push(close);
    const result = read();
    this.#closers.pop();
    return result;
  }

  /** The end of an item of a list or map: a comma or the closing bracket; false after the latter. */
  another(close: string): boolean {
    if (this.accept(',')) {
      if (this.is('?') || startsOperand(this.peek())) return true;
      this.expect(close);
      return false;
    }
    if (this.accept(close)) return false;
    const token = this.peek();
    const next = this.peek(1);
    const kind = next.type === 'op' && (next.text === close || next.text === ',') ? 'extraneous' : 'mismatched';
    this.syntax(token, `${kind} input '${token.text}' expecting {'${close}', ','}`);
    return false;
  }

  /** True if nothing is between the brackets, where `extra` may come too. */
  isEmpty(close: string, extra: readonly string[] = []): boolean {
    if (this.accept(close)) return true;
    const token = this.peek();
    if (startsOperand(token) || (token.type === 'op' && extra.includes(token.text))) return false;
    this.unexpected(token, this.peek(1), [close, ...extra]);
    return true;
  }

  /** `[]` and `[,]`. */
  isEmptyLiteral(close: string): boolean {
    if (this.isEmpty(close, [',', '?'])) return true;
    if (!this.accept(',')) return false;
    this.expect(close);
    return true;
  }

  /** Tells of a token where an operand, or one of `extra`, should be. */
  unexpected(token: Token, next: Token, extra: readonly string[]): void {
    const kind = token.type !== 'end' && startsOperand(next) ? 'extraneous' : 'mismatched';
    this.syntax(token, `${kind} input '${token.text}' expecting ${expected(extra)}`);
  }

  /** What comes after the whole expression is too much. */
  expectEnd(): void {
    const next = this.peek();
    if (this.#failed || next.type === 'end') return;
    const kind = this.peek(1).type === 'end' ? 'extraneous' : 'mismatched';
    this.syntax(next, `${kind} input '${next.text}' expecting <EOF>`);
  }
}
