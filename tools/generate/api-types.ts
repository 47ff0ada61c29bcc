/**
 * Writes packages/api/src/generated: one file a group version, with an interface for each schema and a descriptor for
 * each resource. Source: the OpenAPI v3 documents of Kubernetes 1.36.3 (packages/apiserver/data, see its README).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}
interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const root = new URL('../../packages/', import.meta.url);
const read = (file: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(new URL(`apiserver/data/${file}`, root))).toString());
const { schemas } = read('schemas.json.gz') as { schemas: Record<string, Schema> };
const { resources } = read('resources.json.gz') as { resources: Record<string, readonly Resource[]> };

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
/** Schemas that @reeve/api writes by hand, and those that are plain JSON types on the wire. */
const HAND_WRITTEN: Record<string, string> = {
  [`${META}ObjectMeta`]: 'ObjectMeta',
  [`${META}ListMeta`]: 'ListMeta',
  [`${META}LabelSelector`]: 'LabelSelector',
  [`${META}LabelSelectorRequirement`]: 'LabelSelectorRequirement',
  [`${META}OwnerReference`]: 'OwnerReference',
  [`${META}Condition`]: 'Condition',
};
const PLAIN: Record<string, string> = {
  [`${META}Time`]: 'string',
  [`${META}MicroTime`]: 'string',
  [`${META}FieldsV1`]: 'JSONObject',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'IntOrString',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'IntOrString',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'JSONObject',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'JSONValue',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'JSONSchemaProps | boolean',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray':
    'JSONSchemaProps | readonly JSONSchemaProps[]',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray':
    'JSONSchemaProps | readonly string[]',
};

/** Where a schema's type lives: { file: 'apps/v1', name: 'Deployment' }. */
function homeOf(schema: string): { file: string; name: string } {
  const parts = schema.split('.');
  const name = parts.at(-1) ?? '';
  const version = parts.at(-2) ?? '';
  const group = parts.at(-3) ?? '';
  return { file: `${group === 'meta' ? 'meta' : group}/${version}`, name };
}

function groupOf(groupVersion: string): string {
  const [group = '', version] = groupVersion.split('/');
  return version === undefined ? 'core' : (group.split('.')[0] ?? '');
}

interface Module {
  readonly body: string[];
  readonly shared: Set<string>;
  readonly imports: Map<string, Set<string>>;
}
const modules = new Map<string, Module>();
function moduleOf(file: string): Module {
  const found = modules.get(file) ?? { body: [], shared: new Set(), imports: new Map() };
  modules.set(file, found);
  return found;
}

function typeOf(schema: Schema, file: string): string {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (ref !== undefined) return refType(ref.replace('#/components/schemas/', ''), file);
  if (schema.enum !== undefined) return schema.enum.map((value) => `'${value}'`).join(' | ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array': {
      const item = typeOf(schema.items ?? {}, file);
      return `readonly ${/[ |]/.test(item) ? `(${item})` : item}[]`;
    }
    case 'object': {
      const values = schema.additionalProperties;
      if (typeof values === 'object') return `Readonly<Record<string, ${typeOf(values, file)}>>`;
      moduleOf(file).shared.add('JSONObject');
      return 'JSONObject';
    }
    default:
      moduleOf(file).shared.add('JSONValue');
      return 'JSONValue';
  }
}

function refType(name: string, file: string): string {
  const hand = HAND_WRITTEN[name];
  if (hand !== undefined) {
    moduleOf(file).shared.add(hand);
    return hand;
  }
  const plain = PLAIN[name];
  if (plain !== undefined) {
    for (const word of ['JSONObject', 'JSONValue', 'IntOrString'])
      if (plain.includes(word)) moduleOf(file).shared.add(word);
    return plain;
  }
  const home = homeOf(name);
  if (home.file !== file) {
    const { imports } = moduleOf(file);
    imports.set(home.file, (imports.get(home.file) ?? new Set()).add(home.name));
  }
  return home.name;
}

for (const [name, schema] of Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) {
  if (name in HAND_WRITTEN || name in PLAIN) continue;
  const { file, name: typeName } = homeOf(name);
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([field, property]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(field) ? field : `'${field}'`;
    return `  readonly ${key}${required.has(field) ? '' : '?'}: ${typeOf(property, file)};`;
  });
  moduleOf(file).body.push(`export interface ${typeName} {\n${fields.join('\n')}\n}\n`);
}

for (const [groupVersion, list] of Object.entries(resources)) {
  const group = groupVersion.includes('/') ? (groupVersion.split('/')[0] ?? '') : '';
  const version = groupVersion.split('/').at(-1) ?? '';
  const file = `${groupOf(groupVersion)}/${version}`;
  const module = moduleOf(file);
  module.shared.add('ResourceDescriptor');
  for (const { name, kind, namespaced } of list) {
    const fields = `group: '${group}', version: '${version}', kind: '${kind}', plural: '${name}', namespaced: ${namespaced}`;
    module.body.push(`export const ${kind}: ResourceDescriptor<${kind}> = { ${fields} };\n`);
  }
}

const NOTICE =
  '// Generated by `npm run generate` from the OpenAPI v3 documents of Kubernetes 1.36.3 (Apache-2.0, The Kubernetes Authors).\n';
const out = new URL('api/src/generated/', root);
rmSync(out, { recursive: true, force: true });
for (const [file, { body, shared, imports }] of modules) {
  const lines = [NOTICE];
  const byModule = new Map<string, string[]>();
  for (const word of [...shared].sort()) {
    const from = word === 'ResourceDescriptor' ? '../../descriptor.ts' : '../../meta.ts';
    byModule.set(from, [...(byModule.get(from) ?? []), word]);
  }
  for (const [from, words] of byModule) lines.push(`import type { ${words.join(', ')} } from '${from}';\n`);
  for (const [from, words] of imports)
    lines.push(`import type { ${[...words].sort().join(', ')} } from '../${from}.ts';\n`);
  mkdirSync(new URL(`${file.split('/')[0]}/`, out), { recursive: true });
  writeFileSync(new URL(`${file}.ts`, out), [...lines, '\n', body.join('\n')].join(''));
}
const manifestUrl = new URL('api/package.json', root);
const manifest = JSON.parse(readFileSync(manifestUrl, 'utf8')) as { exports: Record<string, unknown> };
manifest.exports = {
  '.': manifest.exports['.'],
  ...Object.fromEntries(
    [...modules.keys()].sort().map((file) => [
      `./${file}`,
      {
        '@reeve/source': `./src/generated/${file}.ts`,
        types: `./dist/generated/${file}.d.ts`,
        default: `./dist/generated/${file}.js`,
      },
    ]),
  ),
};
writeFileSync(manifestUrl, `${JSON.stringify(manifest, null, 2)}\n`);
