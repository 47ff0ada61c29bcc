import type { LabelSelector } from '@reeve/api';
import { formatLabelSelector, labelRequirements } from '@reeve/api';
import { itemsOf, mapAt, numberAt, objectAt, textAt, valueAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import type { Column } from './column.ts';
import { text } from './column.ts';
import { since } from './duration.ts';

/** The first column of nearly every kind. */
export const nameColumn: Column = { ...text('Name', (object) => nameOf(object)), format: 'name' };

export const ageColumn: Column = text('Age', (object, now) => since(metadataOf(object)['creationTimestamp'], now));

/** An object's name. */
export function nameOf(object: ObjectValue): string {
  return textAt(metadataOf(object), 'name');
}

/** A text some levels down, or what stands for nothing. */
export function textCell(path: string, absent = ''): Column['cell'] {
  const keys = path.split('.');
  return (object) => {
    const value = valueAt(object, ...keys);
    return value === undefined || value === null || value === '' ? absent : String(value as string | number);
  };
}

/** A number some levels down; zero if it is absent. */
export function numberCell(path: string): Column['cell'] {
  const keys = path.split('.');
  return (object) => {
    const value = valueAt(object, ...keys);
    return typeof value === 'number' || typeof value === 'bigint' ? value : 0;
  };
}

/** A boolean some levels down. */
export function booleanCell(path: string, absent = false): Column['cell'] {
  const keys = path.split('.');
  return (object) => {
    const value = valueAt(object, ...keys);
    return typeof value === 'boolean' ? value : absent;
  };
}

/** How many a list or map some levels down has. */
export function countCell(...paths: readonly string[]): Column['cell'] {
  return (object) => paths.reduce((sum, path) => sum + sizeOf(valueAt(object, ...path.split('.'))), 0);
}

function sizeOf(value: Value | undefined): number {
  return value === undefined || value === null ? 0 : Object.keys(value).length;
}

/** `a=b,c=d`, sorted. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.toSorted().join(',');
}

/** A label selector as it is written on a command line. */
export function selectorText(selector: ObjectValue | undefined): string {
  if (selector === undefined) return '<none>';
  const written = formatLabelSelector(labelRequirements(selector as LabelSelector) ?? []);
  return written === '' ? '<none>' : written;
}

/** The names and images of the containers of a pod spec. */
export function containerColumns(specOf: (object: ObjectValue) => ObjectValue): readonly Column[] {
  const list = (object: ObjectValue, key: string): string =>
    itemsOf(specOf(object), 'containers')
      .map((container) => textAt(container, key))
      .join(',');
  return [
    { ...text('Containers', (object) => list(object, 'name')), priority: 1 },
    { ...text('Images', (object) => list(object, 'image')), priority: 1 },
  ];
}

/** `spec.template.spec` of a workload. */
export function templateSpec(object: ObjectValue): ObjectValue {
  return objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec');
}

/** The texts in the order of first occurrence, at most `max`, and how many more there are. */
export function shortened(texts: readonly string[], max: number, separator = ','): string {
  const shown = texts.slice(0, max).join(separator);
  return texts.length > max ? `${shown} + ${texts.length - max} more...` : shown;
}

/** `3/5`. */
export function ofTotal(object: ObjectValue, part: string, total: string): string {
  const count = numberAt(objectAt(object, 'status'), part) ?? 0;
  return `${count}/${numberAt(objectAt(object, 'spec'), total) ?? 0}`;
}

/** True if a condition of this type is true. */
export function hasCondition(object: ObjectValue, type: string): boolean {
  return itemsOf(objectAt(object, 'status'), 'conditions').some(
    (condition) => condition['type'] === type && condition['status'] === 'True',
  );
}

/** True if the class is marked as the default one. */
export function isDefaultClass(object: ObjectValue, ...annotations: readonly string[]): boolean {
  const given = mapAt(metadataOf(object), 'annotations');
  return annotations.some((annotation) => given[annotation] === 'true');
}
