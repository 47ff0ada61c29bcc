import type { LabelSelector, LabelSelectorRequirement } from '@reeve/api';
import type { SelectOptions } from './options.ts';

function requirementText({ key, operator, values = [] }: LabelSelectorRequirement): string {
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}

/** A label selector as the `labelSelector` query parameter takes it; empty selects everything. */
export function labelSelectorText(selector: string | LabelSelector): string {
  if (typeof selector === 'string') return selector;
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...labels, ...(selector.matchExpressions ?? []).map(requirementText)].join(',');
}

// Values of field selectors escape the selector's own syntax with a backslash.
const escaped = (value: string): string => value.replaceAll(/[\\,=]/g, (character) => `\\${character}`);

/** A field selector as the `fieldSelector` query parameter takes it. */
export function fieldSelectorText(selector: NonNullable<SelectOptions['fieldSelector']>): string {
  if (typeof selector === 'string') return selector;
  return Object.entries(selector)
    .map(([field, value]) => `${field}=${escaped(value)}`)
    .join(',');
}
