import { dns1035Label, dnsSubdomain } from '../builtin/validation/names.ts';
import { fieldErrors, type FieldError } from '../field-error.ts';
import type { ObjectValue } from '../value.ts';
import { validateApproval } from './approval.ts';
import { validateConversion } from './conversion-validation.ts';
import {
  hasStatus,
  isShared,
  listOf,
  objectOf,
  readDefinition,
  readNames,
  schemaOf,
  textOf,
} from './definition-spec.ts';
import type { DefinitionSpec, NamesSpec, VersionPart, VersionSpec } from './definition-spec.ts';
import { deepEqual } from './deep-equal.ts';
import { child, index } from './field-path.ts';
import { validateNames, requiredNames } from './names-validation.ts';
import { schemaStruct } from './schema-struct.ts';
import { parseSchema, schemaNodes } from './schema.ts';
import { validateVersionSchema } from './version-schema-validation.ts';
import { validateColumns, validateSelectableFields, validateSubresources } from './version-validation.ts';

/** Checks a new or changed definition; `old` is the definition before. */
export function validateDefinition(definition: ObjectValue, old?: ObjectValue): readonly FieldError[] {
  const spec = readDefinition(definition);
  const status = objectOf(definition['status']);
  return [
    ...(old === undefined ? validateName(definition, spec) : []),
    ...validateSpec(spec),
    ...(old === undefined ? [] : validateChange(spec, old)),
    ...validateNames(namesOf(status['acceptedNames']), 'status.acceptedNames'),
    ...validateStoredVersions(listOf(status['storedVersions']).map(textOf), spec),
    ...validateApproval(definition, old),
    ...validatePreserve(spec, old),
  ];
}

/** Checks a write to the status subresource. */
export function validateDefinitionStatus(definition: ObjectValue): readonly FieldError[] {
  return validateNames(namesOf(objectOf(definition['status'])['acceptedNames']), 'status.acceptedNames');
}

const namesOf = (value: ObjectValue[string] | undefined): NamesSpec => readNames(value);

function validateName(definition: ObjectValue, { names, group }: DefinitionSpec): FieldError[] {
  const name = textOf(objectOf(definition['metadata'])['name']);
  if (name === '' || name === `${names.plural}.${group}`) return [];
  return [fieldErrors.invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
}

function validateSpec(spec: DefinitionSpec): FieldError[] {
  const { versions } = spec;
  const errors = [...validateGroupAndScope(spec), ...missingSchemas(spec), ...defaultsOfUnpruned(spec)];
  for (const [position, version] of versions.entries()) {
    const at = index('spec.versions', position);
    const problems = dns1035Label(version.name);
    if (problems.length > 0) errors.push(fieldErrors.invalid(child(at, 'name'), version.name, problems.join(',')));
    errors.push(...validateDeprecation(version, at), ...validateParts(versions, version, at, false));
  }
  errors.push(...validateVersionSet(spec));
  const [first] = versions;
  if (first && first.name !== '' && dns1035Label(first.name).length > 0)
    errors.push(fieldErrors.invalid('spec.version', first.name, dns1035Label(first.name).join(',')));
  errors.push(...requiredNames(spec.names), ...validateNames(spec.names, 'spec.names'));
  if (first) errors.push(...validateParts(versions, first, 'spec', true));
  return [...errors, ...validateConversion(spec.conversion, 'spec.conversion')];
}

function validateGroupAndScope({ group, scope }: DefinitionSpec): FieldError[] {
  const errors: FieldError[] = [];
  const problems = dnsSubdomain(group);
  if (group === '') errors.push(fieldErrors.required('spec.group'));
  else if (problems.length > 0) errors.push(fieldErrors.invalid('spec.group', group, problems.join(',')));
  else if (!group.includes('.'))
    errors.push(fieldErrors.invalid('spec.group', group, 'should be a domain with at least one dot'));
  if (scope === '') errors.push(fieldErrors.required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(fieldErrors.notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  return errors;
}

function missingSchemas({ versions }: DefinitionSpec): FieldError[] {
  return versions.flatMap((version, position) =>
    schemaOf(version) === undefined
      ? [fieldErrors.required(`${index('spec.versions', position)}.schema.openAPIV3Schema`)]
      : [],
  );
}

function defaultsOfUnpruned({ versions, preserveUnknownFields }: DefinitionSpec): FieldError[] {
  if (!preserveUnknownFields) return [];
  const nodes = versions.flatMap((version) => [...schemaNodes(parseSchema(schemaOf(version) ?? {}))]);
  const detail = 'must be false in order to use defaults in the schema';
  return nodes.some((node) => node.default !== undefined)
    ? [fieldErrors.invalid('spec.preserveUnknownFields', true, detail)]
    : [];
}

function validateDeprecation({ deprecated, deprecationWarning }: VersionSpec, at: string): FieldError[] {
  if (deprecationWarning === undefined) return [];
  const problems: string[] = [];
  if (!deprecated) problems.push('can only be set for deprecated versions');
  else {
    if (Buffer.byteLength(deprecationWarning) > 256) problems.push('must be <= 256 characters long');
    if (deprecationWarning === '') problems.push('must not be an empty string');
    const bad = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(deprecationWarning);
    if (bad)
      problems.push(
        `must only contain printable UTF-8 characters; non-printable character found at index ${Buffer.byteLength(deprecationWarning.slice(0, bad.index))}`,
      );
  }
  return problems.map((problem) => fieldErrors.invalid(child(at, 'deprecationWarning'), deprecationWarning, problem));
}

/** Checks the parts that versions share, or those that a version has of its own. */
function validateParts(
  versions: readonly VersionSpec[],
  version: VersionSpec,
  at: string,
  shared: boolean,
): FieldError[] {
  const asks = (part: VersionPart): boolean => isShared(versions, part) === shared;
  const raw = schemaOf(version);
  const schema = raw && parseSchema(raw);
  const errors: FieldError[] = [];
  if (asks('schema') && schema) {
    const status = shared ? versions.some(hasStatus) : hasStatus(version);
    errors.push(...validateVersionSchema(schema, status, child(at, shared ? 'validation' : 'schema')));
  }
  if (asks('subresources')) errors.push(...validateSubresources(version.subresources, child(at, 'subresources')));
  if (asks('additionalPrinterColumns'))
    errors.push(...validateColumns(version.columns, child(at, 'additionalPrinterColumns')));
  if (asks('selectableFields') && version.selectableFields.length > 0)
    errors.push(...validateSelectableFields(version.selectableFields, schema, child(at, 'selectableFields')));
  return errors;
}

/** Versions as Go prints them, without the parts that all share. */
function shownVersions(versions: readonly VersionSpec[]): unknown {
  const part = (version: VersionSpec, name: VersionPart): unknown =>
    isShared(versions, name) ? null : (version.raw[name] ?? null);
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: part(version, 'schema') === null ? null : { OpenAPIV3Schema: schemaStruct(schemaOf(version) ?? {}) },
    Subresources: part(version, 'subresources'),
    AdditionalPrinterColumns: part(version, 'additionalPrinterColumns'),
    SelectableFields: part(version, 'selectableFields'),
  }));
}

function validateVersionSet({ versions }: DefinitionSpec): FieldError[] {
  const errors: FieldError[] = [];
  const invalid = (detail: string): number =>
    errors.push(fieldErrors.invalid('spec.versions', shownVersions(versions), detail));
  if (new Set(versions.map(({ name }) => name)).size !== versions.length) invalid('must contain unique version names');
  if (versions.filter(({ storage }) => storage).length !== 1)
    invalid('must have exactly one version marked as storage version');
  return errors;
}

function validateStoredVersions(stored: readonly string[], { versions }: DefinitionSpec): FieldError[] {
  const at = 'status.storedVersions';
  if (stored.length === 0) return [fieldErrors.invalid(at, null, 'must have at least one stored version')];
  // A name may be used twice, but it is stored only once.
  const errors = versions
    .filter(({ storage, name }, position) => {
      const known = stored.includes(name) && versions.findIndex((other) => other.name === name) === position;
      return storage && !known;
    })
    .map(({ name }) => fieldErrors.invalid(at, stored, `must have the storage version ${name}`));
  for (const [position, name] of stored.entries())
    if (!versions.some((version) => version.name === name))
      errors.push(
        fieldErrors.invalid(
          index(at, position),
          name,
          `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
        ),
      );
  return errors;
}

/** True if a definition has a condition that is True. */
export function isConditionTrue(definition: ObjectValue, type: string): boolean {
  const conditions = listOf(objectOf(definition['status'])['conditions']).map(objectOf);
  return conditions.some((condition) => condition['type'] === type && condition['status'] === 'True');
}

function validateChange(spec: DefinitionSpec, oldDefinition: ObjectValue): FieldError[] {
  const old = readDefinition(oldDefinition);
  const errors: FieldError[] = [];
  const immutable = (at: string, value: string, before: string): void => {
    if (value !== before) errors.push(fieldErrors.invalid(at, value, 'field is immutable'));
  };
  if (isConditionTrue(oldDefinition, 'Established')) {
    immutable('spec.scope', spec.scope, old.scope);
    immutable('spec.names.kind', spec.names.kind, old.names.kind);
  }
  immutable('spec.group', spec.group, old.group);
  immutable('spec.names.plural', spec.names.plural, old.names.plural);
  return errors;
}

function validatePreserve(spec: DefinitionSpec, old: ObjectValue | undefined): FieldError[] {
  if (!spec.preserveUnknownFields || (old !== undefined && readDefinition(old).preserveUnknownFields)) return [];
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [fieldErrors.invalid('spec.preserveUnknownFields', true, detail)];
}

/** True if two definitions want the same. */
export const sameSpec = (a: ObjectValue, b: ObjectValue): boolean => deepEqual(a['spec'] ?? null, b['spec'] ?? null);
