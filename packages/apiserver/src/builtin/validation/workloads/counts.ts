import type { ObjectValue, Value } from '../../../value.ts';
import { numberAt, objectAt } from '../../object-path.ts';
import { isNumber, nonNegative } from '../checks.ts';
import { percentage } from '../names.ts';
import type { Problems } from '../problems.ts';

/** Fields of an object that may not be negative. */
export function checkCounts(problems: Problems, path: string, object: ObjectValue, fields: readonly string[]): void {
  for (const field of fields) nonNegative(problems, `${path}.${field}`, object[field]);
}

/** A number or a percentage, zero or more. */
export function checkIntOrPercent(problems: Problems, path: string, value: Value | undefined): void {
  if (typeof value === 'string') problems.text(path, value, percentage);
  else nonNegative(problems, path, value);
}

/** Not more than everything. */
export function checkAtMostAll(problems: Problems, path: string, value: Value | undefined): void {
  if (typeof value !== 'string' || percentage(value).length > 0 || Number(value.slice(0, -1)) <= 100) return;
  problems.invalid(path, value, 'must not be greater than 100%');
}

/** The number in `3` or `25%`; anything else counts as zero. */
export function amountOf(value: Value | undefined): number {
  if (isNumber(value)) return Number(value);
  return typeof value === 'string' ? Number.parseInt(value, 10) || 0 : 0;
}

/** Counts in a status: none negative, none above the first, available ones not above ready ones. */
export function checkStatusCounts(
  problems: Problems,
  object: ObjectValue,
  counts: readonly string[],
  parts: readonly string[],
  readyName: string,
): void {
  const status = objectAt(object, 'status');
  checkCounts(problems, 'status', status, counts);
  const count = (field: string): number => numberAt(status, field) ?? 0;
  for (const part of parts) {
    if (count(part) > count('replicas')) {
      problems.invalid(`status.${part}`, count(part), 'cannot be greater than status.replicas');
    }
  }
  if (count('availableReplicas') <= count('readyReplicas')) return;
  const detail = `cannot be greater than ${readyName}`;
  problems.invalid('status.availableReplicas', count('availableReplicas'), detail);
}

/** The count of hash collisions only grows. */
export function checkCollisions(problems: Problems, object: ObjectValue, old: ObjectValue): void {
  const [now, before] = [object, old].map((item) => numberAt(objectAt(item, 'status'), 'collisionCount') ?? 0);
  if ((now ?? 0) < (before ?? 0)) problems.invalid('status.collisionCount', now, 'cannot be decremented');
}
