/** JSON that is built once and then only printed. */
export interface Document {
  readonly [key: string]: unknown;
}

/** A reference to a shared schema of the same document. */
export function schemaRef(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

const refPrefix = '#/components/schemas/';

/** Adds the names of all schemas that `value` refers to, directly or through `schemas`. */
export function collectRefs(value: unknown, schemas: (name: string) => unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectRefs(item, schemas, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key !== '$ref' || typeof item !== 'string' || !item.startsWith(refPrefix)) {
      collectRefs(item, schemas, found);
      continue;
    }
    const name = item.slice(refPrefix.length);
    if (found.has(name)) continue;
    found.add(name);
    collectRefs(schemas(name), schemas, found);
  }
}
