import { fieldErrors, type FieldError } from '../field-error.ts';
import { isObject, type ObjectValue } from '../value.ts';
import { textOf } from './definition-spec.ts';
import { child, index } from './field-path.ts';
import { validFieldPath } from './rule-field-path.ts';
import type { Schema } from './schema.ts';

function simplePath(path: string, at: string): FieldError[] {
  return path.startsWith('.') ? [] : [fieldErrors.invalid(at, path, 'must be a simple json path starting with .')];
}

/** Paths of the scale subresource: replicas live in spec and status, the selector in either. */
export function validateSubresources(subresources: ObjectValue | undefined, path: string): readonly FieldError[] {
  const scale = subresources?.['scale'];
  if (!isObject(scale)) return [];
  return [
    ...replicasPath(textOf(scale['specReplicasPath']), child(path, 'scale.specReplicasPath'), '.spec'),
    ...replicasPath(textOf(scale['statusReplicasPath']), child(path, 'scale.statusReplicasPath'), '.status'),
    ...selectorPath(textOf(scale['labelSelectorPath']), child(path, 'scale.labelSelectorPath')),
  ];
}

function replicasPath(path: string, at: string, under: string): FieldError[] {
  if (path === '') return [fieldErrors.required(at)];
  const simple = simplePath(path, at);
  if (simple.length > 0 || path.startsWith(`${under}.`)) return simple;
  return [fieldErrors.invalid(at, path, `should be a json path under ${under}`)];
}

function selectorPath(path: string, at: string): FieldError[] {
  if (path === '') return [];
  const simple = simplePath(path, at);
  if (simple.length > 0 || path.startsWith('.spec.') || path.startsWith('.status.')) return simple;
  return [fieldErrors.invalid(at, path, 'should be a json path under either .spec or .status')];
}

const columnTypes: readonly string[] = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats: readonly string[] = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

/** Columns of tables. */
export function validateColumns(columns: readonly ObjectValue[], path: string): readonly FieldError[] {
  return columns.flatMap((column, position) => validateColumn(column, index(path, position)));
}

function validateColumn(column: ObjectValue, at: string): FieldError[] {
  const [type, format, jsonPath] = [textOf(column['type']), textOf(column['format']), textOf(column['jsonPath'])];
  const errors: FieldError[] = [];
  if (textOf(column['name']) === '') errors.push(fieldErrors.required(child(at, 'name')));
  const types = `must be one of ${columnTypes.join(',')}`;
  if (type === '') errors.push(fieldErrors.required(child(at, 'type'), types));
  else if (!columnTypes.includes(type)) errors.push(fieldErrors.invalid(child(at, 'type'), type, types));
  if (format !== '' && !columnFormats.includes(format))
    errors.push(fieldErrors.invalid(child(at, 'format'), format, `must be one of ${columnFormats.join(',')}`));
  if (jsonPath === '') errors.push(fieldErrors.required(child(at, 'JSONPath')));
  else errors.push(...simplePath(jsonPath, child(at, 'JSONPath')));
  return errors;
}

const maxSelectableFields = 8;
const selectableTypes: readonly string[] = ['string', 'boolean', 'integer'];

/** Fields that selectors may ask for. */
export function validateSelectableFields(
  fields: readonly ObjectValue[],
  schema: Schema | undefined,
  path: string,
): readonly FieldError[] {
  if (!schema) return [fieldErrors.invalid(path, '', 'may only be set when validations.schema is included')];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [position, field] of fields.entries()) {
    const at = child(index(path, position), 'jsonPath');
    const jsonPath = textOf(field['jsonPath']);
    if (jsonPath === '') {
      errors.push(fieldErrors.required(at));
      continue;
    }
    const found = validFieldPath(jsonPath, schema, false);
    if ('problem' in found) {
      errors.push(fieldErrors.invalid(at, jsonPath, `is an invalid path: ${found.problem}`));
      continue;
    }
    if (found.path.split('.')[0] === 'metadata')
      errors.push(fieldErrors.invalid(at, jsonPath, 'must not point to fields in metadata'));
    if (!selectableTypes.includes(found.schema.type))
      errors.push(
        fieldErrors.invalid(
          at,
          jsonPath,
          'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
        ),
      );
    if (seen.has(found.path)) errors.push(fieldErrors.duplicate(at, jsonPath));
    seen.add(found.path);
  }
  if (seen.size > maxSelectableFields) errors.push(fieldErrors.tooMany(path, seen.size, maxSelectableFields));
  return errors;
}
