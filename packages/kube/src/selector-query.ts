import { formatLabelSelector, labelRequirements } from '@reeve/api';
import type { LabelSelector } from '@reeve/api';
import type { SelectOptions } from './options.ts';

/** A label selector as the `labelSelector` query parameter takes it; empty selects everything. */
export function labelSelectorText(selector: string | LabelSelector): string {
  return typeof selector === 'string' ? selector : formatLabelSelector(labelRequirements(selector) ?? []);
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
