import type { JSONSchemaProps } from '@reeve/api/apiextensions/v1';
import { sameJSON } from '../equality.ts';
import { refuse } from './refusal.ts';
import type { RawSchema } from './zod-schema.ts';

type Structural = (schema: RawSchema, path: string) => JSONSchemaProps;

const typeOf = (schema: RawSchema): unknown => schema['type'];

function isIntOrString(branches: readonly RawSchema[]): boolean {
  return branches.length === 2 && branches.map(typeOf).toSorted().join() === 'integer,string';
}

function enumOf(branches: readonly RawSchema[]): JSONSchemaProps | undefined {
  const type = branches[0]?.['type'];
  const values = branches.map((branch) => branch['enum']);
  if (typeof type !== 'string' || branches.some((branch) => branch['type'] !== type)) return undefined;
  if (!values.every((list) => Array.isArray(list))) return undefined;
  return { type, enum: [...new Set(values.flat())] };
}

/** The part of a branch that may stand below oneOf: which fields, and which fixed values. */
function condition(branch: JSONSchemaProps): JSONSchemaProps {
  const fixed = Object.entries(branch.properties ?? {}).flatMap(([name, property]) =>
    property.enum === undefined ? [] : [[name, { enum: property.enum }] as const],
  );
  return {
    ...(fixed.length === 0 ? {} : { properties: Object.fromEntries(fixed) }),
    ...(branch.required === undefined ? {} : { required: branch.required }),
  };
}

/** One property as several branches state it: values of enums add up, all else must agree. */
function mergedProperty(a: JSONSchemaProps, b: JSONSchemaProps, path: string): JSONSchemaProps {
  if (sameJSON(a, b)) return a;
  const { enum: first, ...restA } = a;
  const { enum: second, ...restB } = b;
  if (first === undefined || second === undefined || !sameJSON(restA, restB)) {
    throw refuse(path, 'the variants of a union disagree about this field: give it one type, or two names');
  }
  return { ...a, enum: [...new Set([...first, ...second])] };
}

function variants(branches: readonly JSONSchemaProps[], path: string): JSONSchemaProps {
  const properties: Record<string, JSONSchemaProps> = {};
  for (const branch of branches) {
    for (const [name, property] of Object.entries(branch.properties ?? {})) {
      const present = properties[name];
      properties[name] = present === undefined ? property : mergedProperty(present, property, `${path}.${name}`);
    }
  }
  const [first, ...others] = branches.map((branch) => branch.required ?? []);
  const required = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    oneOf: branches.map(condition),
  };
}

/**
 * A union as a structural schema: literals become an enum, an integer or string gets its own extension, and the fields
 * of object variants move up, leaving below `oneOf` only what tells the variants apart.
 */
export function structuralUnion(branches: readonly RawSchema[], path: string, structural: Structural): JSONSchemaProps {
  if (isIntOrString(branches)) {
    return { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  const values = enumOf(branches);
  if (values !== undefined) return values;
  if (!branches.every((branch) => branch['type'] === 'object' && branch['properties'] !== undefined)) {
    throw refuse(
      path,
      'a CRD field has one type: only unions of literals, of objects, or of integer and string are possible',
    );
  }
  return variants(
    branches.map((branch) => structural(branch, path)),
    path,
  );
}
