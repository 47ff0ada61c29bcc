import { readData } from '../registry/published-resources.ts';
import type { Document } from './json-document.ts';

interface PublishedSchemas {
  readonly schemas: Readonly<Record<string, Document>>;
  /** Which schemas the document of a group version holds. */
  readonly groupVersions: Readonly<Record<string, readonly string[]>>;
  /** Schemas that differ in one document. */
  readonly overrides: Readonly<Record<string, Readonly<Record<string, Document>>>>;
}

let loaded: PublishedSchemas | undefined;

function data(): PublishedSchemas {
  loaded ??= readData<PublishedSchemas>('schemas.json.gz');
  return loaded;
}

/** The name under which metadata of objects and lists is published. */
export const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** One built-in schema as the document of a group version shows it. */
export function publishedSchema(groupVersion: string, name: string): Document | undefined {
  const { schemas, overrides } = data();
  return overrides[groupVersion]?.[name] ?? schemas[name];
}

export function publishedNames(groupVersion: string): readonly string[] {
  return data().groupVersions[groupVersion] ?? [];
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const byKind = new Map<string, string>();

/** The schema that describes a built-in kind. */
export function schemaNameOf({ group, version, kind }: GroupVersionKind): string | undefined {
  if (byKind.size === 0) indexKinds();
  return byKind.get(`${group}/${version}/${kind}`);
}

/** Kinds of meta/v1 are registered in every group: only those with one kind name a schema. */
function indexKinds(): void {
  for (const [name, schema] of Object.entries(data().schemas)) {
    const kinds = schema['x-kubernetes-group-version-kind'];
    if (!Array.isArray(kinds) || kinds.length !== 1) continue;
    const { group, version, kind } = kinds[0] as GroupVersionKind;
    byKind.set(`${group}/${version}/${kind}`, name);
  }
}
