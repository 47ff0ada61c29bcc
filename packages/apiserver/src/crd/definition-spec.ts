import { isObject, type ObjectValue, type Value } from '../value.ts';
import { deepEqual } from './deep-equal.ts';

/** One version of a definition, read. */
export interface VersionSpec {
  readonly raw: ObjectValue;
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  readonly deprecationWarning: string | undefined;
  readonly schema: ObjectValue | undefined;
  readonly subresources: ObjectValue | undefined;
  readonly columns: readonly ObjectValue[];
  readonly selectableFields: readonly ObjectValue[];
}

export interface NamesSpec {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** A definition's spec, read; absent texts are ''. */
export interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: NamesSpec;
  readonly versions: readonly VersionSpec[];
  readonly conversion: ObjectValue | undefined;
  readonly preserveUnknownFields: boolean;
}

export const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
export const listOf = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);
export const objectOf = (value: Value | undefined): ObjectValue => (isObject(value) ? value : {});
const objects = (value: Value | undefined): readonly ObjectValue[] => listOf(value).map((item) => objectOf(item));
const texts = (value: Value | undefined): readonly string[] => listOf(value).map((item) => textOf(item));

/** Reads names, wanted or accepted. */
export function readNames(value: Value | undefined): NamesSpec {
  const names = objectOf(value);
  return {
    plural: textOf(names['plural']),
    singular: textOf(names['singular']),
    kind: textOf(names['kind']),
    listKind: textOf(names['listKind']),
    shortNames: texts(names['shortNames']),
    categories: texts(names['categories']),
  };
}

/** Reads `spec` of a CustomResourceDefinition. */
export function readDefinition(definition: ObjectValue): DefinitionSpec {
  const spec = objectOf(definition['spec']);
  return {
    group: textOf(spec['group']),
    scope: textOf(spec['scope']),
    names: readNames(spec['names']),
    versions: objects(spec['versions']).map(readVersion),
    conversion: isObject(spec['conversion']) ? spec['conversion'] : undefined,
    preserveUnknownFields: spec['preserveUnknownFields'] === true,
  };
}

function readVersion(raw: ObjectValue): VersionSpec {
  const { schema, subresources } = raw;
  const warning = raw['deprecationWarning'];
  return {
    raw,
    name: textOf(raw['name']),
    served: raw['served'] === true,
    storage: raw['storage'] === true,
    deprecated: raw['deprecated'] === true,
    deprecationWarning: typeof warning === 'string' ? warning : undefined,
    schema: isObject(schema) ? schema : undefined,
    subresources: isObject(subresources) ? subresources : undefined,
    columns: objects(raw['additionalPrinterColumns']),
    selectableFields: objects(raw['selectableFields']),
  };
}

/** The structural schema of a version, if it has one. */
export function schemaOf({ schema }: VersionSpec): ObjectValue | undefined {
  const found = schema?.['openAPIV3Schema'];
  return isObject(found) ? found : undefined;
}

/** Subresources that a version has. */
export const hasStatus = ({ subresources }: VersionSpec): boolean => isObject(subresources?.['status']);

/** A part of all versions: told once, at the top, where it is the same in all (as apiextensions' internal form does). */
export type VersionPart = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';

/** True if all versions say the same. */
export function isShared(versions: readonly VersionSpec[], part: VersionPart): boolean {
  const [first, ...rest] = versions;
  return rest.every(({ raw }) => deepEqual(raw[part] ?? null, first?.raw[part] ?? null));
}

/** The version that objects are stored in. */
export const storageVersion = ({ versions }: DefinitionSpec): VersionSpec | undefined =>
  versions.find(({ storage }) => storage);
