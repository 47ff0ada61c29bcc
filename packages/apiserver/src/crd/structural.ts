import { RE2JS } from 're2js';
import { fieldErrors, type FieldError } from '../field-error.ts';
import { child, index, key } from './field-path.ts';
import { valueSchema, type Schema } from './schema.ts';

type Level = 'root' | 'item' | 'field';

const levelText: Record<Level, string> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/**
 * Checks that a schema is structural (KEP-2337): every value has exactly one type outside of value validations, what is
 * nested below allOf, anyOf, oneOf and not only restricts, and metadata stays as the API machinery needs it.
 */
export function validateStructural(path: string, schema: Schema): readonly FieldError[] {
  const errors = [...invariants(schema, 'root', path), ...completeness(schema, schema, path, path)];
  return errors.sort((a, b) => (`${a.field}: ${a.message}` < `${b.field}: ${b.message}` ? -1 : 1));
}

function invariants(schema: Schema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type === 'array' && schema.items === undefined)
    errors.push(fieldErrors.required(child(path, 'items'), 'must be specified'));
  if (schema.items) errors.push(...invariants(schema.items, 'item', child(path, 'items')));
  for (const [name, property] of schema.properties)
    errors.push(...invariants(property, 'field', key(child(path, 'properties'), name)));
  if (schema.additionalProperties !== undefined && level === 'root')
    errors.push(fieldErrors.forbidden(child(path, 'additionalProperties'), 'must not be used at the root'));
  const values = valueSchema(schema);
  if (values) errors.push(...invariants(values, 'field', child(path, 'additionalProperties')));
  errors.push(...extensionInvariants(schema, path));
  errors.push(...valueValidation(schema, isIntOrStringAnyOf(schema.anyOf), isIntOrStringAllOf(schema), path));
  errors.push(...typeInvariants(schema, level, path), ...metadataInvariants(schema, level, path));
  if (schema.embeddedResource && schema.preserveUnknownFields !== true && schema.properties.size === 0)
    errors.push(
      fieldErrors.required(
        child(path, 'properties'),
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    );
  return errors;
}

function extensionInvariants(schema: Schema, path: string): FieldError[] {
  if (!schema.intOrString) return [];
  const detail = 'must be false if x-kubernetes-int-or-string is true';
  const errors: FieldError[] = [];
  if (schema.preserveUnknownFields === true)
    errors.push(fieldErrors.invalid(child(path, 'x-kubernetes-preserve-unknown-fields'), true, detail));
  if (schema.embeddedResource)
    errors.push(fieldErrors.invalid(child(path, 'x-kubernetes-embedded-resource'), true, detail));
  return errors;
}

function typeInvariants(schema: Schema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const at = child(path, 'type');
  const embeddedDetail = 'must be object if x-kubernetes-embedded-resource is true';
  if (schema.embeddedResource && schema.type !== 'object')
    errors.push(
      schema.type === ''
        ? fieldErrors.required(at, embeddedDetail)
        : fieldErrors.invalid(at, schema.type, embeddedDetail),
    );
  else if (schema.type === '' && !schema.intOrString && schema.preserveUnknownFields !== true)
    errors.push(fieldErrors.required(at, levelText[level]));
  if (schema.embeddedResource && schema.additionalProperties !== undefined)
    errors.push(
      fieldErrors.forbidden(
        child(path, 'additionalProperties'),
        'must not be used if x-kubernetes-embedded-resource is set',
      ),
    );
  if (level === 'root' && schema.type !== '' && schema.type !== 'object')
    errors.push(fieldErrors.invalid(at, schema.type, 'must be object at the root'));
  return errors;
}

function metadataInvariants(schema: Schema, level: Level, path: string): FieldError[] {
  if (level !== 'root' && !schema.embeddedResource) return [];
  const errors: FieldError[] = [];
  const typed: readonly (readonly [string, string])[] = [
    ['kind', 'string'],
    ['apiVersion', 'string'],
    ['metadata', 'object'],
  ];
  for (const [name, type] of typed) {
    const property = schema.properties.get(name);
    if (property && property.type !== type)
      errors.push(
        fieldErrors.invalid(child(key(child(path, 'properties'), name), 'type'), property.type, `must be ${type}`),
      );
  }
  const metadata = schema.properties.get('metadata');
  if (level === 'root' && metadata && !isPlainMetadata(metadata))
    errors.push(
      fieldErrors.forbidden(
        key(child(path, 'properties'), 'metadata'),
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    );
  return errors;
}

/** At the root, metadata may restrict name and generateName and nothing else. */
function isPlainMetadata(metadata: Schema): boolean {
  const names = [...metadata.properties.keys()];
  if (!names.every((name) => name === 'name' || name === 'generateName')) return false;
  return Object.keys(metadata.raw).every(
    (keyword) => keyword === 'type' || keyword === 'properties' || keyword === 'default',
  );
}

function isIntOrStringAnyOf(anyOf: readonly Schema[]): boolean {
  const types = anyOf.map(({ raw }) => (Object.keys(raw).length === 1 ? raw['type'] : undefined));
  return types.length === 2 && types[0] === 'integer' && types[1] === 'string';
}

function isIntOrStringAllOf(schema: Schema): boolean {
  const first = schema.allOf[0];
  return first !== undefined && isIntOrStringAnyOf(first.anyOf);
}

function valueValidation(schema: Schema, skipAnyOf: boolean, skipFirstAllOf: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const nested = (list: readonly Schema[], name: string, skip: (position: number) => boolean): void => {
    for (const [position, part] of list.entries())
      errors.push(...nestedValidation(part, skip(position), index(child(path, name), position)));
  };
  if (!skipAnyOf) nested(schema.anyOf, 'anyOf', () => false);
  nested(schema.allOf, 'allOf', (position) => skipFirstAllOf && position === 0);
  nested(schema.oneOf, 'oneOf', () => false);
  if (schema.not) errors.push(...nestedValidation(schema.not, false, child(path, 'not')));
  const problem = patternProblem(schema.pattern);
  if (problem !== undefined)
    errors.push(
      fieldErrors.invalid(
        child(path, 'pattern'),
        schema.pattern,
        `must be a valid regular expression, but isn't: ${problem}`,
      ),
    );
  return errors;
}

/** What RE2 says against a pattern, or undefined. */
function patternProblem(pattern: string): string | undefined {
  if (pattern === '') return undefined;
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return said.startsWith('error parsing regexp: ') ? said : `error parsing regexp: ${said}`;
  }
}

/** What a nested value validation may not say, and why. */
const forbiddenNested: readonly (readonly [string, (schema: Schema) => boolean, string])[] = [
  ['type', (schema) => schema.type !== '', 'must be empty to be structural'],
  [
    'additionalProperties',
    ({ additionalProperties }) => additionalProperties !== undefined && additionalProperties !== false,
    'must be undefined to be structural',
  ],
  ['default', (schema) => schema.default !== undefined, 'must be undefined to be structural'],
  ['title', ({ raw }) => typeof raw['title'] === 'string' && raw['title'] !== '', 'must be empty to be structural'],
  [
    'description',
    ({ raw }) => typeof raw['description'] === 'string' && raw['description'] !== '',
    'must be empty to be structural',
  ],
  ['nullable', (schema) => schema.nullable, 'must be false to be structural'],
  [
    'x-kubernetes-preserve-unknown-fields',
    (schema) => schema.preserveUnknownFields === true,
    'must be false to be structural',
  ],
  ['x-kubernetes-embedded-resource', (schema) => schema.embeddedResource, 'must be false to be structural'],
  ['x-kubernetes-int-or-string', (schema) => schema.intOrString, 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', (schema) => schema.listMapKeys.length > 0, 'must be empty to be structural'],
  ['x-kubernetes-list-type', (schema) => schema.listType !== undefined, 'must be undefined to be structural'],
  ['x-kubernetes-map-type', (schema) => schema.mapType !== undefined, 'must be undefined to be structural'],
  ['x-kubernetes-validations', (schema) => schema.rules.length > 0, 'must be empty to be structural'],
];

function nestedValidation(schema: Schema, skipAnyOf: boolean, path: string): FieldError[] {
  const errors = valueValidation(schema, skipAnyOf, false, path);
  if (schema.items) errors.push(...nestedValidation(schema.items, false, child(path, 'items')));
  for (const [name, property] of schema.properties)
    errors.push(...nestedValidation(property, false, key(child(path, 'properties'), name)));
  for (const [name, offends, detail] of forbiddenNested)
    if (offends(schema)) errors.push(fieldErrors.forbidden(child(path, name), detail));
  if (schema.properties.has('metadata'))
    errors.push(
      fieldErrors.forbidden(key(child(path, 'properties'), 'metadata'), 'must not be specified in a nested context'),
    );
  return errors;
}

/** Whatever a value validation names must also be declared outside of it. */
function completeness(
  nested: Schema,
  structural: Schema | undefined,
  declaredPath: string,
  nestedPath: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const parts: (readonly [Schema, string])[] = [
    ...(nested.not ? [[nested.not, child(nestedPath, 'not')] as const] : []),
    ...nested.allOf.map((part, position) => [part, index(child(nestedPath, 'allOf'), position)] as const),
    ...nested.anyOf.map((part, position) => [part, index(child(nestedPath, 'anyOf'), position)] as const),
    ...nested.oneOf.map((part, position) => [part, index(child(nestedPath, 'oneOf'), position)] as const),
  ];
  for (const [part, path] of parts) errors.push(...nestedCompleteness(part, structural, declaredPath, path));
  return errors;
}

function nestedCompleteness(
  nested: Schema,
  structural: Schema | undefined,
  declaredPath: string,
  nestedPath: string,
): FieldError[] {
  if (!structural) return [fieldErrors.required(declaredPath, `because it is defined in ${nestedPath}`)];
  const errors = completeness(nested, structural, declaredPath, nestedPath);
  if (nested.items)
    errors.push(
      ...nestedCompleteness(nested.items, structural.items, child(declaredPath, 'items'), child(nestedPath, 'items')),
    );
  for (const [name, property] of nested.properties)
    errors.push(
      ...nestedCompleteness(
        property,
        structural.properties.get(name),
        key(child(declaredPath, 'properties'), name),
        key(child(nestedPath, 'properties'), name),
      ),
    );
  return errors;
}
