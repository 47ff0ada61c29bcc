import { itemsOf, numberAt, textAt } from '../builtin/object-path.ts';
import { parseTimestamp } from '../cel/timestamp.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { nameColumn } from './cells.ts';
import type { Column } from './column.ts';
import { since } from './duration.ts';
import { parseJSONPath } from './json-path.ts';
import { metadataDescriptions } from './metadata-descriptions.ts';
import type { Printer } from './printer.ts';

const made = new WeakMap<ObjectValue, Printer>();

const name: Column = { ...nameColumn, description: metadataDescriptions.name };

const age: ObjectValue = {
  name: 'Age',
  type: 'date',
  description: metadataDescriptions.creationTimestamp,
  jsonPath: '.metadata.creationTimestamp',
};

/** The columns that a CustomResourceDefinition's version asks for, or the age alone. */
export function customPrinter(definition: ObjectValue): Printer {
  const known = made.get(definition);
  if (known !== undefined) return known;
  const given = itemsOf(definition, 'additionalPrinterColumns');
  const printer: Printer = { columns: [name, ...(given.length === 0 ? [age] : given).map(customColumn)] };
  made.set(definition, printer);
  return printer;
}

function customColumn(column: ObjectValue): Column {
  const path = textAt(column, 'jsonPath');
  const find = parseJSONPath(path);
  const type = textAt(column, 'type');
  const print = printers[type];
  return {
    name: textAt(column, 'name'),
    type,
    format: textAt(column, 'format'),
    description: textAt(column, 'description') || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: numberAt(column, 'priority') ?? 0,
    cell: (object, now) => {
      metadataOf(object);
      const [value] = find?.(object) ?? [];
      return value === undefined || value === null || print === undefined ? null : print(value, now);
    },
  };
}

type Print = (value: Value, now: number) => Value;

const isNumeric = (value: Value): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

/** A value of another type than the column's is left out, but for text, which shows anything. */
const printers: Readonly<Record<string, Print>> = {
  integer: (value) => (typeof value === 'bigint' ? value : typeof value === 'number' ? Math.trunc(value) : null),
  number: (value) => (isNumeric(value) ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  date: (value, now) => {
    if (typeof value !== 'string') return null;
    return parseTimestamp(value) === undefined ? '<invalid>' : since(value, now);
  },
};
