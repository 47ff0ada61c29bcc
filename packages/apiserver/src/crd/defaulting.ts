import { isObject, type Value } from '../value.ts';
import { deepCopy } from './deep-equal.ts';
import { valueSchema, type Schema } from './schema.ts';

/** Puts a schema's defaults into a value, in place; compiled once so that subtrees without defaults cost nothing. */
export type Defaulter = (value: Value) => void;

/** Compiles the defaults of a schema. */
export function compileDefaulter(schema: Schema): Defaulter {
  const fill = compileFill(schema);
  return (value) => fill?.(value);
}

function compileFill(schema: Schema): Defaulter | undefined {
  const properties = [...schema.properties].map(([name, property]) => ({
    name,
    nullable: property.nullable,
    default: property.default,
    fill: compileFill(property),
  }));
  const active = properties.filter((property) => property.default !== undefined || property.fill !== undefined);
  const values = valueSchema(schema);
  const fillValue = values && compileElement(values);
  const fillItem = schema.items && compileElement(schema.items);
  if (active.length === 0 && !fillValue && !fillItem) return undefined;
  return (value) => {
    if (Array.isArray(value)) {
      if (fillItem) for (const [position, item] of value.entries()) value[position] = fillItem(item);
      return;
    }
    if (!isObject(value)) return;
    for (const property of active) {
      const present = value[property.name];
      const missing = present === undefined || (present === null && !property.nullable);
      if (missing && property.default !== undefined) value[property.name] = deepCopy(property.default);
      property.fill?.(value[property.name] ?? null);
    }
    if (fillValue)
      for (const name of Object.keys(value))
        if (!schema.properties.has(name)) value[name] = fillValue(value[name] ?? null);
  };
}

/** Elements of lists and maps: a null that may not be there becomes the default. */
function compileElement(schema: Schema): ((value: Value) => Value) | undefined {
  const fill = compileFill(schema);
  const byDefault = schema.nullable ? undefined : schema.default;
  if (!fill && byDefault === undefined) return undefined;
  return (value) => {
    const filled = value === null && byDefault !== undefined ? deepCopy(byDefault) : value;
    fill?.(filled);
    return filled;
  };
}

/**
 * Compiles the removal of nulls of fields that are neither nullable nor defaulted: clients send them for "not set". What
 * is decoded loses them; what is applied keeps them, and is refused for them.
 */
export function compileNullDropper(schema: Schema): Defaulter {
  const fieldSchema = (name: string): Schema | undefined => schema.properties.get(name) ?? valueSchema(schema);
  const droppers = new Map<Schema, Defaulter>();
  const dropperOf = (child: Schema): Defaulter => {
    const known = droppers.get(child) ?? compileNullDropper(child);
    droppers.set(child, known);
    return known;
  };
  return (value) => {
    if (Array.isArray(value)) {
      if (schema.items) for (const item of value) if (item !== null) dropperOf(schema.items)(item);
    } else if (isObject(value))
      for (const [name, field] of Object.entries(value)) {
        const declared = fieldSchema(name);
        if (!declared) continue;
        if (field === null && !declared.nullable && declared.default === undefined) delete value[name];
        else if (field !== null) dropperOf(declared)(field);
      }
  };
}
