import { goStruct } from '../codec/go-types.ts';
import type { GoField } from '../codec/go-types.ts';

/** The fields of a Go struct as JSON shows them, those of inlined structs among them. */
export function fieldsOf(type: string): readonly GoField[] {
  const fields = goStruct(type)?.fields ?? [];
  return fields.flatMap((field) => (field.inline && field.type ? fieldsOf(field.type) : [field]));
}

/** The Go types inlined into one, directly or further down. */
export function inlinedTypesOf(type: string): readonly string[] {
  const fields = goStruct(type)?.fields ?? [];
  return fields.flatMap((field) => (field.inline && field.type ? [field.type, ...inlinedTypesOf(field.type)] : []));
}
