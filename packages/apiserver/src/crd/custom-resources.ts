import { createHash } from 'node:crypto';
import type { ResourceInfo, SubresourceInfo } from '../registry/resource-info.ts';
import { objectMetaSchema } from '../schema/built-in-schema.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import { compileSchema, type CompiledSchema } from './compiled-schema.ts';
import { customStrategy } from './custom-strategy.ts';
import { isConditionTrue } from './definition-validation.ts';
import {
  hasStatus,
  objectOf,
  readDefinition,
  readNames,
  schemaOf,
  storageVersion,
  textOf,
  type DefinitionSpec,
  type NamesSpec,
  type VersionSpec,
} from './definition-spec.ts';
import { typeSchemaOf } from './type-schema.ts';
import { compareVersions } from './version-order.ts';

const verbs: readonly string[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const subresourceVerbs: readonly string[] = ['get', 'patch', 'update'];

/**
 * The resources that a definition defines, one for each served version; none until its names are accepted.
 * `isTerminating` is asked at each create, as a deletion alone does not make new resources.
 */
export function customResources(
  definition: ObjectValue,
  isTerminating: () => boolean = () => false,
): readonly ResourceInfo[] {
  const spec = readDefinition(definition);
  const storage = storageVersion(spec);
  const names = readNames(objectOf(definition['status'])['acceptedNames']);
  if (!storage || names.plural === '' || !isConditionTrue(definition, 'Established')) return [];
  const schemas = new Map(spec.versions.map((version) => [version.name, compiled(version)]));
  return spec.versions
    .filter(({ served }) => served)
    .map((version) => customResource(spec, names, version, { version: storage, schemas, isTerminating }));
}

const compiled = (version: VersionSpec): CompiledSchema => compileSchema(schemaOf(version) ?? { type: 'object' });

interface Storage {
  readonly version: VersionSpec;
  /** Of all versions by name, as objects may be stored in any. */
  readonly schemas: ReadonlyMap<string, CompiledSchema>;
  readonly isTerminating: () => boolean;
}

function customResource(spec: DefinitionSpec, names: NamesSpec, version: VersionSpec, storage: Storage): ResourceInfo {
  const { group } = spec;
  const { plural, kind } = names;
  const schema = storage.schemas.get(version.name) ?? compiled(version);
  const deprecation = deprecationOf(spec, version);
  return {
    group,
    version: version.name,
    kind,
    listKind: names.listKind,
    plural,
    singular: names.singular,
    namespaced: spec.scope === 'Namespaced',
    shortNames: names.shortNames,
    categories: names.categories,
    verbs,
    subresources: subresourcesOf(version, kind),
    storageVersionHash: hashOf(`${group}/${storage.version.name}/${kind}`),
    storage: { group, version: storage.version.name, plural, kind },
    custom: true,
    strategy: customStrategy({
      resource: { group, plural },
      version,
      schema,
      type: typeSchemaOf(schema.schema, objectMetaSchema),
      isTerminating: storage.isTerminating,
    }),
    deletion: { answersObject: false, orphansByDefault: false },
    fromStorage(object) {
      // What is stored gets the defaults of the version it was stored in, not of the one that is asked for.
      const stored = storage.schemas.get(textOf(object['apiVersion']).slice(group.length + 1)) ?? schema;
      stored.prune(object);
      stored.applyDefaults(object);
      if (stored !== schema) schema.prune(object);
      return object;
    },
    toStorage(object) {
      if (version !== storage.version) storage.schemas.get(storage.version.name)?.prune(object);
      return object;
    },
    ...selectable(version),
    selectsNamespace: spec.scope === 'Namespaced',
    ...(deprecation === undefined ? {} : { deprecation }),
    definition: version.raw,
  };
}

function subresourcesOf(version: VersionSpec, kind: string): readonly SubresourceInfo[] {
  const scale = isObject(version.subresources?.['scale']);
  return [
    ...(hasStatus(version) ? [{ name: 'status', kind, verbs: subresourceVerbs }] : []),
    ...(scale ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: subresourceVerbs }] : []),
  ];
}

/** As Kubernetes makes it: the first eight bytes of a SHA-256, in base64. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 8).toString('base64');
}

function selectable({
  selectableFields,
}: VersionSpec): Pick<ResourceInfo, 'selectableFieldNames' | 'selectableFields'> {
  const paths = selectableFields.map((field) => textOf(field['jsonPath']).replace(/^\./, ''));
  return {
    selectableFieldNames: paths,
    selectableFields: (object) => Object.fromEntries(paths.map((path) => [path, selectedText(object, path)])),
  };
}

function selectedText(object: ObjectValue, path: string): string {
  const value = path.split('.').reduce<Value | undefined>((at, name) => objectOf(at)[name], object);
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** What a deprecated version warns of: its own words, or the version to use instead. */
function deprecationOf(spec: DefinitionSpec, version: VersionSpec): string | undefined {
  if (!version.deprecated) return undefined;
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const { group, names } = spec;
  const better = spec.versions
    .filter(({ served, deprecated, name }) => served && !deprecated && compareVersions(name, version.name) > 0)
    .map(({ name }) => name)
    .sort((a, b) => compareVersions(b, a));
  const [best] = better;
  const instead = best === undefined ? '' : `; use ${group}/${best} ${names.kind}`;
  return `${group}/${version.name} ${names.kind} is deprecated${instead}`;
}
