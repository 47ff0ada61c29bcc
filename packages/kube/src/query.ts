import type { SelectOptions } from './options.ts';
import { fieldSelectorText, labelSelectorText } from './selector-query.ts';

export type QueryValue = string | number | boolean | undefined;

/** `?a=1&b=2`, without what is undefined, false or empty; an empty string when nothing is left. */
export function queryText(parameters: Readonly<Record<string, QueryValue>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== false && value !== '') query.append(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The selectors of a list, watch or collection delete. */
export function selectorParameters(options: SelectOptions): Record<string, QueryValue> {
  return {
    labelSelector: options.labelSelector === undefined ? undefined : labelSelectorText(options.labelSelector),
    fieldSelector: options.fieldSelector === undefined ? undefined : fieldSelectorText(options.fieldSelector),
  };
}
