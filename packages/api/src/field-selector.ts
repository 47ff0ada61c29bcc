import { InputError } from './input-error.ts';

/** One condition of a field selector: `metadata.name=x`, `status.phase!=Running`. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

const fail = (message: string): InputError => new InputError('InvalidSelector', message);

/** Splits at commas that no backslash protects. */
function splitTerms(text: string): string[] {
  const terms: string[] = [''];
  for (let i = 0; i < text.length; i++) {
    const isEscape = text[i] === '\\' && i + 1 < text.length;
    if (text[i] === ',') terms.push('');
    else terms.push(`${terms.pop() ?? ''}${isEscape ? text.slice(i, ++i + 1) : (text[i] ?? '')}`);
  }
  return terms;
}

function unescapeValue(text: string): string {
  const plain = text.replace(/\\[\\,=]/g, '');
  const bad = /[\\,=]/.exec(plain);
  if (bad !== null)
    throw fail(`invalid field selector: invalid escape sequence or unescaped character in value: ${text}`);
  return text.replace(/\\([\\,=])/g, '$1');
}

/** Reads `metadata.name=a,spec.nodeName!=b`; commas, equal signs and backslashes in values are escaped by a backslash. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .sort()
    .map((term) => {
      const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
      if (match === null) throw fail(`invalid selector: '${text}'; can't understand '${term}'`);
      const [, field = '', operator, value = ''] = match;
      return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(value) };
    });
}

/** True if every requirement holds for what `valueOf` gives for its field. */
export function matchesFields(
  requirements: readonly FieldRequirement[],
  valueOf: (field: string) => string | undefined,
): boolean {
  return requirements.every(({ field, operator, value }) => (valueOf(field) === value) === (operator === '='));
}
