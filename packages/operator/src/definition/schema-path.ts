import type { JSONSchemaProps } from '@reeve/api/apiextensions/v1';

/** True if a path of plain fields (`.spec.size`) leads to a field; paths with more in them are left to the server. */
export function hasPath(schema: JSONSchemaProps, path: string): boolean {
  if (!/^(\.[A-Za-z0-9_-]+)+$/.test(path)) return path.startsWith('.');
  let at: JSONSchemaProps | undefined = schema;
  for (const field of path.slice(1).split('.')) {
    if (at === undefined) return false;
    if (at['x-kubernetes-preserve-unknown-fields'] === true && at.properties?.[field] === undefined) return true;
    const open: JSONSchemaProps | undefined =
      typeof at.additionalProperties === 'object' ? at.additionalProperties : undefined;
    at = at.properties?.[field] ?? open;
  }
  return at !== undefined;
}
