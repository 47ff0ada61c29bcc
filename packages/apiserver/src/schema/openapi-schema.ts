import type { GroupVersionKind } from '../codec/go-types.ts';
import { readData } from '../registry/published-resources.ts';
import type { Value } from '../value.ts';

/** The part of OpenAPI v3 that Kubernetes' published schemas use and that says how objects are merged. */
export interface OpenApiSchema {
  readonly type?: string;
  readonly format?: string;
  readonly default?: Value;
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema;
  readonly items?: OpenApiSchema;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
}

interface SchemaData {
  readonly schemas: Readonly<Record<string, OpenApiSchema>>;
}

let loaded: Readonly<Record<string, OpenApiSchema>> | undefined;
let namesByKind: ReadonlyMap<string, string> | undefined;

const kindKey = ({ group, version, kind }: GroupVersionKind): string => `${group}/${version}/${kind}`;

function schemas(): Readonly<Record<string, OpenApiSchema>> {
  loaded ??= readData<SchemaData>('schemas.json.gz').schemas;
  return loaded;
}

/** A published schema by its name, such as `io.k8s.api.core.v1.Pod`. */
export function openApiSchema(name: string): OpenApiSchema | undefined {
  return schemas()[name];
}

/** The name of a built-in kind's published schema. */
export function schemaNameOf(kind: GroupVersionKind): string | undefined {
  namesByKind ??= new Map(
    Object.entries(schemas()).flatMap(([name, schema]) =>
      (schema['x-kubernetes-group-version-kind'] ?? []).map((known) => [kindKey(known), name] as const),
    ),
  );
  return namesByKind.get(kindKey(kind));
}

/** The schema name that a property refers to, be it directly or through `allOf`, where defaults stand beside it. */
export function referenceOf(schema: OpenApiSchema): string | undefined {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return reference?.slice(reference.lastIndexOf('/') + 1);
}
