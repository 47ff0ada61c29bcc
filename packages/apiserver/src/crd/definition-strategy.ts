import { isKnownFormat } from './formats.ts';
import type { Strategy } from '../strategy.ts';
import { isObject, metadataOf, type ObjectValue } from '../value.ts';
import { listOf, objectOf, readDefinition, schemaOf, storageVersion, textOf } from './definition-spec.ts';
import { sameSpec, validateDefinition, validateDefinitionStatus } from './definition-validation.ts';
import { parseSchema, schemaNodes } from './schema.ts';

/** The strategy of CustomResourceDefinitions, on top of what every built-in kind has. */
export function definitionStrategy(base: Strategy): Strategy {
  return {
    ...base,
    applyDefaults(definition) {
      base.applyDefaults(definition);
      applyDefaults(definition);
    },
    prepareForCreate(definition) {
      metadataOf(definition)['generation'] = 1;
      definition['status'] = { acceptedNames: { kind: '', plural: '' }, conditions: null, storedVersions: [] };
      addStoredVersion(definition);
    },
    prepareForUpdate(definition, old, { subresource }) {
      if (subresource === 'status') definition['spec'] = old['spec'] ?? {};
      else {
        definition['status'] = old['status'] ?? {};
        addStoredVersion(definition);
      }
      if (!sameSpec(definition, old)) metadataOf(definition)['generation'] = generationOf(old) + 1;
    },
    validate: (definition) => validateDefinition(definition),
    validateUpdate: (definition, old, { subresource }) =>
      subresource === 'status' ? validateDefinitionStatus(definition) : validateDefinition(definition, old),
    warnings: (definition, old, { subresource }) => (subresource === '' ? formatWarnings(definition, old) : []),
    allowCreateOnUpdate: false,
    allowUnconditionalUpdate: false,
  };
}

const generationOf = (definition: ObjectValue): number => Number(metadataOf(definition)['generation'] ?? 0);

function applyDefaults(definition: ObjectValue): void {
  const spec = objectOf(definition['spec']);
  const names = objectOf(spec['names']);
  const kind = textOf(names['kind']);
  if (kind !== '' && textOf(names['singular']) === '') names['singular'] = kind.toLowerCase();
  if (kind !== '' && textOf(names['listKind']) === '') names['listKind'] = `${kind}List`;
  if (!isObject(spec['conversion'])) spec['conversion'] = { strategy: 'None' };
  const webhook = objectOf(objectOf(spec['conversion'])['webhook']);
  const service = objectOf(webhook['clientConfig'])['service'];
  if (isObject(service)) service['port'] ??= 443;
}

/** A version that objects may be stored in stays known for as long as they may be. */
function addStoredVersion(definition: ObjectValue): void {
  const storage = storageVersion(readDefinition(definition));
  if (!storage) return;
  const status = objectOf(definition['status']);
  const stored = listOf(status['storedVersions']);
  if (!stored.includes(storage.name)) definition['status'] = { ...status, storedVersions: [...stored, storage.name] };
}

/** Formats that are kept but not enforced; on update only new ones are told. */
function formatWarnings(definition: ObjectValue, old: ObjectValue | undefined): readonly string[] {
  const before = new Set(old === undefined ? [] : unknownFormats(old));
  return unknownFormats(definition)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

function unknownFormats(definition: ObjectValue): readonly string[] {
  const found = new Set<string>();
  for (const version of readDefinition(definition).versions) {
    const schema = schemaOf(version);
    if (!schema) continue;
    for (const { type, format } of schemaNodes(parseSchema(schema)))
      if (format !== '' && !isKnownFormat(type, format)) found.add(format);
  }
  return [...found].sort();
}
