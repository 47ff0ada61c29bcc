import type { StatusCause } from '@reeve/api';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import { pathsOf } from './field-set.ts';
import type { Manager } from './managers.ts';
import type { Conflicts } from './ownership.ts';
import { formatFieldPath } from './path-element.ts';

/** One field of one manager that an apply would change. */
interface Conflict {
  readonly manager: Manager;
  readonly path: string;
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager);
  const place = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${name}${place}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [first, ...others] = conflicts;
  if (first !== undefined && others.length === 0)
    return `Apply failed with 1 conflict: conflict with ${describe(first.manager)}: ${first.path}`;
  const byManager = Map.groupBy(conflicts, ({ manager }) => manager);
  const lines = [...byManager].flatMap(([manager, found]) => [
    `conflicts with ${describe(manager)}:`,
    ...found.map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

/** 409 that names every field in the way, and its manager. */
export function conflictError(conflicts: Conflicts): StatusError {
  const list = [...conflicts]
    .sort(([left], [right]) => (describe(left) < describe(right) ? -1 : 1))
    .flatMap(([manager, fields]) => pathsOf(fields).map((path) => ({ manager, path: formatFieldPath(path) })));
  const causes: StatusCause[] = list.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describe(manager)}`,
    field: path,
  }));
  return statusError(409, 'Conflict', messageOf(list), { causes });
}
