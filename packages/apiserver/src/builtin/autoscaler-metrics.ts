import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { maybeObject, objectAt } from './object-path.ts';

/** Fields of the first version by where the second has them; a dot goes one level down. */
type Renames = readonly (readonly [string, string])[];

const metric: Renames = [
  ['metricName', 'metric.name'],
  ['selector', 'metric.selector'],
];
const specs: Readonly<Record<string, Renames>> = {
  resource: [
    ['name', 'name'],
    ['targetAverageUtilization', 'target.averageUtilization'],
    ['targetAverageValue', 'target.averageValue'],
  ],
  containerResource: [
    ['name', 'name'],
    ['targetAverageUtilization', 'target.averageUtilization'],
    ['targetAverageValue', 'target.averageValue'],
    ['container', 'container'],
  ],
  pods: [
    ['metricName', 'metric.name'],
    ['targetAverageValue', 'target.averageValue'],
    ['selector', 'metric.selector'],
  ],
  object: [
    ['target', 'describedObject'],
    ['metricName', 'metric.name'],
    ['targetValue', 'target.value'],
    ['selector', 'metric.selector'],
    ['averageValue', 'target.averageValue'],
  ],
  external: [
    ['metricName', 'metric.name'],
    ['metricSelector', 'metric.selector'],
    ['targetValue', 'target.value'],
    ['targetAverageValue', 'target.averageValue'],
  ],
};
const statuses: Readonly<Record<string, Renames>> = {
  resource: [
    ['name', 'name'],
    ['currentAverageUtilization', 'current.averageUtilization'],
    ['currentAverageValue', 'current.averageValue'],
  ],
  containerResource: [
    ['name', 'name'],
    ['currentAverageUtilization', 'current.averageUtilization'],
    ['currentAverageValue', 'current.averageValue'],
    ['container', 'container'],
  ],
  pods: [...metric, ['currentAverageValue', 'current.averageValue']],
  object: [
    ['target', 'describedObject'],
    ...metric,
    ['currentValue', 'current.value'],
    ['averageValue', 'current.averageValue'],
  ],
  external: [
    ['metricName', 'metric.name'],
    ['metricSelector', 'metric.selector'],
    ['currentValue', 'current.value'],
    ['currentAverageValue', 'current.averageValue'],
  ],
};

export function metricToV1(spec: ObjectValue): ObjectValue {
  return mapSources(spec, specs, older);
}

export function metricFromV1(spec: ObjectValue): ObjectValue {
  return mapSources(spec, specs, (source, renames) => {
    const made = newer(source, renames);
    const target = objectAt(made, 'target');
    const type = 'averageUtilization' in target ? 'Utilization' : 'averageValue' in target ? 'AverageValue' : 'Value';
    return { ...made, target: { type, ...target } };
  });
}

export function statusToV1(status: ObjectValue): ObjectValue {
  return mapSources(status, statuses, older);
}

export function statusFromV1(status: ObjectValue): ObjectValue {
  return mapSources(status, statuses, newer);
}

type MapSource = (source: ObjectValue, renames: Renames) => ObjectValue;

function mapSources(object: ObjectValue, table: Readonly<Record<string, Renames>>, map: MapSource): ObjectValue {
  const made: ObjectValue = { type: object['type'] ?? '' };
  for (const [key, renames] of Object.entries(table)) {
    const source = maybeObject(object, key);
    if (source !== undefined) made[key] = map(source, renames);
  }
  return made;
}

function older(source: ObjectValue, renames: Renames): ObjectValue {
  const pairs = renames.map(([name, path]): [string, Value | undefined] => [name, read(source, path)]);
  return Object.fromEntries(pairs.filter((pair): pair is [string, Value] => pair[1] !== undefined));
}

function newer(source: ObjectValue, renames: Renames): ObjectValue {
  const made: ObjectValue = {};
  for (const [name, path] of renames) {
    const value = source[name];
    if (value === undefined) continue;
    const [outer = '', inner] = path.split('.');
    if (inner === undefined) made[outer] = value;
    else made[outer] = { ...objectAt(made, outer), [inner]: value };
  }
  return made;
}

function read(source: ObjectValue, path: string): Value | undefined {
  const [outer = '', inner] = path.split('.');
  const value = source[outer];
  if (inner === undefined) return value;
  return isObject(value) ? value[inner] : undefined;
}
