import type { MergeField, MergeSchema } from '@reeve/api';
import { goStruct, goTypeOf } from './go-types.ts';
import type { GoField, GroupVersionKind } from './go-types.ts';

const schemas = new Map<string, MergeSchema>();

function mergeFieldOf(field: GoField): MergeField {
  const { type, elemType, kind, patchStrategy = [], patchMergeKey } = field;
  const struct = kind === 'struct' ? type : elemType;
  const isStruct = kind === 'struct' || (kind === 'slice' && field.elemKind === 'struct');
  return {
    strategies: patchStrategy,
    mergeKey: patchMergeKey,
    schema: isStruct && struct !== undefined ? schemaOf(struct) : undefined,
  };
}

function collect(type: string, fields: Map<string, GoField>): Map<string, GoField> {
  for (const field of goStruct(type)?.fields ?? [])
    if (field.inline === true && field.type !== undefined) collect(field.type, fields);
    else fields.set(field.json ?? field.go, field);
  return fields;
}

function schemaOf(type: string): MergeSchema {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  let fields: Map<string, GoField> | undefined;
  const schema: MergeSchema = {
    field(name) {
      fields ??= collect(type, new Map());
      const found = fields.get(name);
      return found === undefined ? undefined : mergeFieldOf(found);
    },
  };
  schemas.set(type, schema);
  return schema;
}

/** How strategic merge patches treat a built-in kind, from the tags of its Go type; undefined for other kinds. */
export function mergeSchemaOf(kind: GroupVersionKind): MergeSchema | undefined {
  const type = goTypeOf(kind);
  return type === undefined ? undefined : schemaOf(type);
}
