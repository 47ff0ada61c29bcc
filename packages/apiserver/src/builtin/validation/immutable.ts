import type { ObjectValue } from '../../value.ts';
import { semanticallyEqual } from '../equality.ts';
import { valueAt } from '../object-path.ts';
import type { Problems } from './problems.ts';

/** A part that no update may change; `path` names it and says where it is. */
export function checkImmutable(
  problems: Problems,
  path: string,
  object: ObjectValue,
  old: ObjectValue,
  shownAt: string = path,
): void {
  const keys = path.split('.');
  const value = valueAt(object, ...keys);
  if (semanticallyEqual(value, valueAt(old, ...keys))) return;
  problems.invalid(shownAt, value ?? null, 'field is immutable');
}
