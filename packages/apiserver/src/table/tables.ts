import type { Tables } from '../parts.ts';
import { metadataOnly } from '../pipeline/partial.ts';
import { horizontalFromV1 } from '../builtin/autoscaler-conversion.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { badRequest } from '../status-error.ts';
import type { ObjectValue, Value } from '../value.ts';
import { accessPrinters } from './access-printers.ts';
import { autoscalingPrinters } from './autoscaling-printers.ts';
import { ageColumn, nameColumn } from './cells.ts';
import { clusterPrinters } from './cluster-printers.ts';
import { customPrinter } from './custom-printer.ts';
import { createdAt, eventPrinter } from './event-printer.ts';
import { networkPrinters } from './network-printers.ts';
import type { Printer, PrinterTable } from './printer.ts';
import { storagePrinters } from './storage-printers.ts';
import { workloadPrinters } from './workload-printers.ts';

const printers: PrinterTable = {
  ...accessPrinters,
  ...autoscalingPrinters,
  ...clusterPrinters,
  ...networkPrinters,
  ...storagePrinters,
  ...workloadPrinters,
  Event: eventPrinter,
  'events.k8s.io/Event': eventPrinter,
};

/** Kinds without columns of their own show when they were made. */
const plainPrinter: Printer = {
  columns: [nameColumn, { ...ageColumn, name: 'Created At', type: 'date', cell: createdAt }],
};

type TableInput = Parameters<Tables['table']>[0];

/** Answers lists and objects as `meta.k8s.io` Tables. */
export const tables: Tables = { table };

function table(input: TableInput): ObjectValue {
  const { resource, version, objects, listMetadata, now } = input;
  const include = includedObject(input);
  const printer = printerOf(resource, objects[0]);
  const convert = resource.group === 'autoscaling' && resource.version === 'v1' ? horizontalFromV1 : undefined;
  const columnDefinitions = printer.columns.map(({ name, type, format, description, priority }) => ({
    name,
    type,
    format,
    description: description ?? '',
    priority,
  }));
  const rows = objects.map((object) => row(printer, convert?.(object) ?? object, include(object), now));
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: listMetadata,
    columnDefinitions: input.columns ? columnDefinitions : null,
    rows,
  };
}

function row(printer: Printer, object: ObjectValue, shown: Value, now: number): ObjectValue {
  const columns = [...printer.columns, ...(printer.extra ?? [])];
  const conditions = printer.conditions?.(object) ?? [];
  return {
    cells: columns.map(({ cell }) => cell(object, now)),
    ...(conditions.length > 0 ? { conditions: [...conditions] } : {}),
    object: shown,
  };
}

function includedObject({ includeObject, version }: TableInput): (object: ObjectValue) => Value {
  switch (includeObject) {
    case 'None':
      return () => null;
    case 'Object':
      return (object) => object;
    case 'Metadata':
    case '':
    case null:
      return (object) => metadataOnly(object, version);
    default:
      throw badRequest(
        `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(includeObject)}: must be 'Metadata', 'Object', 'None', or empty`,
      );
  }
}

function printerOf(resource: ResourceInfo, object: ObjectValue | undefined): Printer {
  // A scale is answered at the path of what it scales.
  if (object?.['kind'] === 'Scale' && object['apiVersion'] === 'autoscaling/v1') {
    return autoscalingPrinters['autoscaling/Scale'] ?? plainPrinter;
  }
  if (resource.definition !== undefined) return customPrinter(resource.definition);
  return printers[resource.group === '' ? resource.kind : `${resource.group}/${resource.kind}`] ?? plainPrinter;
}
