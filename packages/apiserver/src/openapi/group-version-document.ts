import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import { customSchemas } from './custom-schema.ts';
import { collectRefs, type Document } from './json-document.ts';
import { publishedNames, publishedSchema } from './published-schemas.ts';
import { resourcePaths } from './resource-paths.ts';

const builtinInfo = { title: 'Kubernetes', version: 'v1.36.3' };
const customInfo = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' };

/** The OpenAPI v3 document of one group version: paths, and all schemas that they lead to. */
export function groupVersionDocument(resources: readonly ResourceInfo[]): Document {
  const [first] = resources;
  const groupVersion = first === undefined ? '' : groupVersionOf(first);
  const paths = Object.assign({}, ...resources.map(resourcePaths)) as Document;
  const own: Readonly<Record<string, Document>> = Object.assign(
    {},
    ...resources.filter(({ custom }) => custom).map(customSchemas),
  );
  const schema = (name: string): Document | undefined => own[name] ?? publishedSchema(groupVersion, name);
  const names = new Set([...Object.keys(own), ...publishedNames(groupVersion)]);
  for (const name of names) collectRefs(schema(name), schema, names);
  collectRefs(paths, schema, names);
  const schemas = Object.fromEntries([...names].sort().map((name) => [name, schema(name) ?? { type: 'object' }]));
  const info = resources.every(({ custom }) => custom) ? customInfo : builtinInfo;
  return { openapi: '3.0.0', info, paths, components: { schemas } };
}
