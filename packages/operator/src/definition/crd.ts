import type { CustomResourceColumnDefinition, JSONSchemaProps } from '@reeve/api/apiextensions/v1';
import type { z } from 'zod';
import { refuse } from './refusal.ts';
import type { NamedCRD, PrinterColumn, ResourceDefinitionOptions } from './resource-definition.ts';
import { hasPath } from './schema-path.ts';

type Options = ResourceDefinitionOptions<z.ZodType, z.ZodType>;

/** The names under which a resource is known. */
export interface ResourceNames {
  readonly plural: string;
  readonly singular: string;
}

/** `kubectl apply` keeps the whole CRD in an annotation, which may have 256 KiB. */
const maxBytes = 200_000;

/** Metadata is the server's own, but columns may show it. */
const metadata: JSONSchemaProps = { type: 'object' };

/** The schema of the whole object. */
export function objectSchema(options: Options, spec: JSONSchemaProps, status: JSONSchemaProps): JSONSchemaProps {
  const { description, rules } = options;
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    required: ['spec'],
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata, spec, status },
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules }),
  };
}

function column({ type = 'string', ...rest }: PrinterColumn): CustomResourceColumnDefinition {
  return { ...rest, type };
}

/** Paths in the definition that lead nowhere are mistakes that nobody would notice for long. */
function checkPaths({ kind, columns = [], scale, selectableFields = [] }: Options, schema: JSONSchemaProps): void {
  const check = (what: string, path: string | undefined): void => {
    if (path === undefined || path.startsWith('.metadata') || hasPath(schema, path)) return;
    throw refuse(kind, `${what} points at ${path}, which is not in the schema`);
  };
  for (const { name, jsonPath } of columns) check(`column ${name}`, jsonPath);
  check('scale.specReplicasPath', scale?.specReplicasPath);
  check('scale.statusReplicasPath', scale?.statusReplicasPath);
  check('scale.labelSelectorPath', scale?.labelSelectorPath);
  for (const path of selectableFields) check('selectableFields', path);
}

/** Builds the CustomResourceDefinition. */
export function buildCRD(options: Options, names: ResourceNames, schema: JSONSchemaProps): NamedCRD {
  const {
    group,
    version,
    kind,
    scope = 'Namespaced',
    shortNames,
    categories,
    columns,
    scale,
    selectableFields,
    deprecated,
  } = options;
  checkPaths(options, schema);
  const crd: NamedCRD = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${group}` },
    spec: {
      group,
      scope,
      names: {
        ...names,
        kind,
        listKind: `${kind}List`,
        ...(shortNames === undefined ? {} : { shortNames }),
        ...(categories === undefined ? {} : { categories }),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          ...(deprecated === undefined ? {} : { deprecated: true, deprecationWarning: deprecated }),
          schema: { openAPIV3Schema: schema },
          subresources: { status: {}, ...(scale === undefined ? {} : { scale }) },
          ...(columns === undefined ? {} : { additionalPrinterColumns: columns.map(column) }),
          ...(selectableFields === undefined
            ? {}
            : { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }),
        },
      ],
    },
  };
  const bytes = Buffer.byteLength(JSON.stringify(crd));
  if (bytes > maxBytes)
    throw refuse(kind, `the CRD has ${bytes} bytes, more than the ${maxBytes} that kubectl apply can keep`);
  return crd;
}
