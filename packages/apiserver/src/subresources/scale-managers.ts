import { isObject, type ObjectValue, type Value } from '../value.ts';

const scaleVersion = 'autoscaling/v1';
const scaleFields: ObjectValue = { 'f:spec': { 'f:replicas': {} } };

function entriesOf(value: Value | undefined): readonly ObjectValue[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function owns(fields: Value | undefined, path: readonly string[]): boolean {
  const [field, ...rest] = path;
  if (field === undefined) return true;
  return isObject(fields) && `f:${field}` in fields && owns(fields[`f:${field}`], rest);
}

/** The fields without the one at `path`; undefined if nothing is left. */
function without(fields: ObjectValue, path: readonly string[]): ObjectValue | undefined {
  const [field = '', ...rest] = path;
  const { [`f:${field}`]: inner, ...others } = fields;
  const kept = rest.length > 0 && isObject(inner) ? without(inner, rest) : undefined;
  const result = kept === undefined ? others : { ...others, [`f:${field}`]: kept };
  return Object.keys(result).length === 0 ? undefined : result;
}

/** One manager as managedFields tell them apart. */
function identity({ manager, operation, subresource }: ObjectValue): string {
  return JSON.stringify([manager, operation, subresource ?? '']);
}

/** Who owns the replicas of an object, as its Scale shows it (KEP-555). */
export function scaleManagers(parent: Value | undefined, path: readonly string[]): Value[] {
  return entriesOf(parent)
    .filter((entry) => owns(entry['fieldsV1'], path))
    .map((entry) => ({ ...entry, apiVersion: scaleVersion, fieldsV1: scaleFields }));
}

/** The object's managedFields after its Scale's have changed: who lost the replicas loses them in the object too. */
export function parentManagers(
  parent: Value | undefined,
  scale: Value | undefined,
  path: readonly string[],
  apiVersion: string,
): Value[] {
  const left = new Map(entriesOf(scale).map((entry) => [identity(entry), entry]));
  const kept: Value[] = [];
  for (const entry of entriesOf(parent)) {
    if (!owns(entry['fieldsV1'], path)) kept.push(entry);
    else if (left.delete(identity(entry))) kept.push(entry);
    else {
      const fields = isObject(entry['fieldsV1']) ? without(entry['fieldsV1'], path) : undefined;
      if (fields !== undefined) kept.push({ ...entry, fieldsV1: fields });
    }
  }
  const fieldsV1 = path.reduceRight<ObjectValue>((inner, field) => ({ [`f:${field}`]: inner }), {});
  for (const entry of left.values()) kept.push({ ...entry, apiVersion, fieldsV1 });
  return kept;
}

/**
 * The managedFields of a custom resource after a write through its scale. The real server keeps no times there: who owned
 * the replicas is told anew, or the writer if they changed. Nobody owned them: nothing is told.
 */
export function customManagers(
  parent: Value | undefined,
  path: readonly string[],
  apiVersion: string,
  writer: string | undefined,
): Value | undefined {
  const entries = entriesOf(parent);
  const owners = entries.filter((entry) => owns(entry['fieldsV1'], path));
  if (owners.length === 0) return parent;
  const fieldsV1 = path.reduceRight<ObjectValue>((inner, field) => ({ [`f:${field}`]: inner }), {});
  const told =
    writer === undefined
      ? owners.map(({ time: _, ...entry }) => ({ ...entry, fieldsV1 }))
      : [{ manager: writer, operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1, subresource: 'scale' }];
  const kept = entries.flatMap((entry) => {
    if (!owners.includes(entry)) return [entry];
    const fields = isObject(entry['fieldsV1']) ? without(entry['fieldsV1'], path) : undefined;
    return fields === undefined ? [] : [{ ...entry, fieldsV1: bare(fields) }];
  });
  return [...told, ...kept];
}

/** An object that is owned but none of its fields is written `{}`. */
function bare(fields: ObjectValue): ObjectValue {
  const names = Object.keys(fields);
  if (names.length === 1 && names[0] === '.') return {};
  return Object.fromEntries(
    names.map((name) => [name, isObject(fields[name]) ? bare(fields[name]) : (fields[name] ?? {})]),
  );
}
