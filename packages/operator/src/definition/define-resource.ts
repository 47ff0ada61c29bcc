import type { z } from 'zod';
import { buildCRD, objectSchema } from './crd.ts';
import { withContract } from './contract-status.ts';
import { refuse } from './refusal.ts';
import type { CustomObject, ResourceDefinition, ResourceDefinitionOptions, Violation } from './resource-definition.ts';
import { structural } from './structural.ts';
import { writtenSchema } from './zod-schema.ts';

const dnsLabel = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const dnsName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/;
const kindName = /^[A-Z][A-Za-z0-9]*$/;
const versionName = /^v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$/;

function checkNames(
  { group, version, kind, shortNames = [] }: ResourceDefinitionOptions<z.ZodType, z.ZodType>,
  plural: string,
): void {
  if (!dnsName.test(group)) throw refuse(kind, `group ${group} is not a domain name such as example.com`);
  if (!versionName.test(version)) throw refuse(kind, `version ${version} is not one such as v1alpha1`);
  if (!kindName.test(kind)) throw refuse(kind, 'a kind is written in CamelCase');
  for (const name of [plural, ...shortNames]) {
    if (!dnsLabel.test(name)) throw refuse(kind, `name ${name} may have only lower-case letters, digits and dashes`);
  }
}

function violations(schema: z.ZodType, value: unknown, root: string): readonly Violation[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => ({ path: [root, ...path.map(String)].join('.'), message }));
}

function fieldOf(object: unknown, field: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[field] : undefined;
}

/**
 * Defines a custom resource from two zod schemas; throws when a CRD could not hold what they say. Every status also has
 * `observedGeneration` and `conditions`.
 * @example
 * const App = defineResource({ group: 'example.com', version: 'v1', kind: 'App', spec: z.object({ size: z.int() }), status: z.object({}) });
 */
export function defineResource<Spec extends z.ZodType, Status extends z.ZodType>(
  options: ResourceDefinitionOptions<Spec, Status>,
): ResourceDefinition<CustomObject<z.output<Spec>, z.output<Status>>> {
  const { group, version, kind, scope = 'Namespaced', spec, status } = options;
  const singular = options.singular ?? kind.toLowerCase();
  const plural = options.plural ?? `${kind.toLowerCase()}s`;
  checkNames(options, plural);
  const specSchema = structural(writtenSchema(spec, 'spec'), 'spec');
  const statusSchema = withContract(structural(writtenSchema(status, 'status'), 'status'));
  if (specSchema.type !== 'object' || statusSchema.type !== 'object')
    throw refuse(kind, 'spec and status must be objects');
  const crd = buildCRD(options, { plural, singular }, objectSchema(options, specSchema, statusSchema));
  return {
    group,
    version,
    kind,
    plural,
    namespaced: scope === 'Namespaced',
    defined: true,
    crd: () => crd,
    validate(object) {
      const written = fieldOf(object, 'status');
      return [
        ...violations(spec, fieldOf(object, 'spec'), 'spec'),
        ...(written === undefined ? [] : violations(status, written, 'status')),
      ];
    },
  };
}
