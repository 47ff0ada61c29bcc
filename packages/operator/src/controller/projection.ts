import { createHash } from 'node:crypto';

/** Fields that name the elements of lists in Kubernetes' own types, the most telling first. */
const elementKeys = ['uid', 'name', 'key', 'type', 'mountPath', 'devicePath', 'containerPort', 'port', 'topologyKey'];

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function elementKey(elements: readonly unknown[]): string | undefined {
  return elementKeys.find((key) => elements.every((element) => isFields(element) && element[key] !== undefined));
}

function projectList(actual: readonly unknown[], shape: readonly unknown[]): unknown {
  const key = elementKey(shape);
  if (key === undefined) {
    return actual.length === shape.length ? actual.map((item, index) => project(item, shape[index])) : actual;
  }
  return shape.map((wanted) => {
    const name = isFields(wanted) ? wanted[key] : undefined;
    return project(
      actual.find((item) => isFields(item) && item[key] === name),
      wanted,
    );
  });
}

/** The part of `actual` that `shape` speaks about: the server's defaults and others' fields fall away. */
export function project(actual: unknown, shape: unknown): unknown {
  if (Array.isArray(shape) && Array.isArray(actual)) return projectList(actual, shape);
  if (!isFields(shape) || !isFields(actual)) return actual;
  return Object.fromEntries(Object.keys(shape).map((field) => [field, project(actual[field], shape[field])]));
}

/** A short fingerprint of a JSON value. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64');
}
