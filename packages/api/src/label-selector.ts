import { InputError } from './input-error.ts';
import type { LabelSelector } from './meta.ts';
import { labelValueErrors, qualifiedNameErrors } from './qualified-name.ts';

/** What a label must be for an object to be selected. */
export type LabelOperator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';

/** One condition on one label. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

type Labels = Readonly<Record<string, string>> | undefined;

const OPERATORS: ReadonlySet<string> = new Set(['=', '==', '!=', 'in', 'notin', '>', '<']);
const BINARY_OPERATORS = 'in, notin, =, ==, !=, gt, lt';
const SYMBOL = /^(?:==|!=|[=!(),><])/;
const WORD = /^[^=!(),><\s]+/;

const fail = (message: string): InputError => new InputError('InvalidSelector', message);

/** Cuts a selector into symbols and words; the end is the empty string. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let rest = text.trimStart(); rest !== ''; rest = rest.trimStart()) {
    const token = (SYMBOL.exec(rest) ?? WORD.exec(rest))?.[0] ?? rest.slice(0, 1);
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  return tokens;
}

const isWord = (token: string): boolean => WORD.test(token);

function checkKey(key: string): void {
  const errors = qualifiedNameErrors(key);
  if (errors.length > 0) throw fail(`key: Invalid value: ${JSON.stringify(key)}: ${errors.join('; ')}`);
}

function checkValues(requirement: LabelRequirement): void {
  const { key, operator, values } = requirement;
  for (const [index, value] of values.entries()) {
    if ((operator === '>' || operator === '<') && !/^[+-]?\d{1,19}$/.test(value))
      throw fail(
        `values[${index}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    const errors = labelValueErrors(value);
    if (errors.length > 0)
      throw fail(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${errors.join('; ')}`);
  }
}

/** Reads one requirement after another, looking at most one token ahead. */
class SelectorReader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  peek(): string {
    return this.#tokens[this.#next] ?? '';
  }

  take(): string {
    const token = this.peek();
    this.#next++;
    return token;
  }

  requirement(): LabelRequirement {
    const isAbsent = this.peek() === '!';
    if (isAbsent) this.take();
    const key = this.take();
    if (!isWord(key)) throw fail(`found '${key}', expected: identifier`);
    checkKey(key);
    if (isAbsent) return { key, operator: '!', values: [] };
    if (this.peek() === '' || this.peek() === ',') return { key, operator: 'exists', values: [] };
    return this.#comparison(key);
  }

  #comparison(key: string): LabelRequirement {
    const found = this.take();
    if (!OPERATORS.has(found)) throw fail(`found '${found}', expected: ${BINARY_OPERATORS}`);
    const operator = (found === '==' ? '=' : found) as LabelOperator;
    const values = operator === 'in' || operator === 'notin' ? this.#set() : [this.#exact()];
    const requirement = { key, operator, values };
    checkValues(requirement);
    return requirement;
  }

  #exact(): string {
    if (this.peek() === '' || this.peek() === ',') return '';
    const value = this.take();
    if (!isWord(value)) throw fail(`found '${value}', expected: identifier`);
    return value;
  }

  #set(): string[] {
    const open = this.take();
    if (open !== '(') throw fail(`found '${open}' expected: '('`);
    const values = new Set<string>();
    let isValueDue = true;
    for (;;) {
      const token = this.take();
      if (isWord(token) && isValueDue) {
        values.add(token);
        isValueDue = false;
      } else if (token === ',' || token === ')') {
        if (isValueDue) values.add('');
        if (token === ')') return [...values].sort();
        isValueDue = true;
      } else {
        throw fail(`found '${token}', expected: ',' or ')'`);
      }
    }
  }
}

/** Reads `a=b,c in (d,e),!f`. Throws an InputError in Kubernetes' words. */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  const reader = new SelectorReader(text);
  const requirements: LabelRequirement[] = [];
  while (reader.peek() !== '') {
    if (reader.peek() !== '!' && !isWord(reader.peek()))
      throw fail(`found '${reader.peek()}', expected: !, identifier, or 'end of string'`);
    requirements.push(readRequirement(reader));
    const separator = reader.take();
    if (separator === '') break;
    if (separator !== ',') throw fail(`found '${separator}', expected: ',' or 'end of string'`);
    if (reader.peek() !== '!' && !isWord(reader.peek()))
      throw fail(`found '${reader.peek()}', expected: identifier after ','`);
  }
  return requirements;
}

function readRequirement(reader: SelectorReader): LabelRequirement {
  try {
    return reader.requirement();
  } catch (error) {
    if (error instanceof InputError) throw fail(`unable to parse requirement: ${error.message}`);
    throw error;
  }
}

const SELECTOR_OPERATORS: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/** The requirements of a `LabelSelector` object; undefined for no selector at all, which selects nothing. */
export function labelRequirements(selector: LabelSelector | undefined): readonly LabelRequirement[] | undefined {
  if (selector === undefined) return undefined;
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]): LabelRequirement => {
    return { key, operator: '=', values: [value] };
  });
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }): LabelRequirement => {
    const known = SELECTOR_OPERATORS[operator];
    if (known === undefined) throw fail(`${JSON.stringify(operator)} is not a valid label selector operator`);
    return { key, operator: known, values: values ?? [] };
  });
  return [...labels, ...expressions];
}

function isMet(requirement: LabelRequirement, labels: Labels): boolean {
  const { key, operator, values } = requirement;
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case '>':
    case '<':
      return value !== undefined && isBeyond(operator, value, values[0] ?? '');
  }
}

function isBeyond(operator: '>' | '<', value: string, bound: string): boolean {
  if (!/^[+-]?\d{1,19}$/.test(value)) return false;
  return operator === '>' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** True if labels meet all requirements; no requirements at all (undefined) select nothing, an empty list everything. */
export function matchesLabels(requirements: readonly LabelRequirement[] | undefined, labels: Labels): boolean {
  return requirements !== undefined && requirements.every((requirement) => isMet(requirement, labels));
}

/** Writes requirements as a selector's text. */
export function formatLabelSelector(requirements: readonly LabelRequirement[]): string {
  return requirements
    .map(({ key, operator, values }) => {
      if (operator === 'exists') return key;
      if (operator === '!') return `!${key}`;
      if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${values.join(',')})`;
      return `${key}${operator}${values[0] ?? ''}`;
    })
    .join(',');
}
