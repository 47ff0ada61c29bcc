import type { Value } from '../value.ts';
import { difference, hasPath, isEmpty, setOfPath } from './field-set.ts';
import { readManagers, writeManagers } from './managers.ts';
import type { Manager, Managers } from './managers.ts';
import { fieldElement } from './path-element.ts';

const SCALE_VERSION = 'autoscaling/v1';
const REPLICAS = ['f:spec', 'f:replicas'];

const managersOf = (managedFields: Value | undefined): Managers => readManagers(managedFields) ?? new Map();

/** Who owns the replicas of an object, as the managers of its Scale. `path` leads to the replicas in the object. */
export function scaleManagers(parent: Value | undefined, path: readonly string[]): Value[] {
  const replicas = path.map(fieldElement);
  const owners = [...managersOf(parent).values()].filter(({ fields }) => hasPath(fields, replicas));
  return write(owners.map((owner) => ({ ...owner, apiVersion: SCALE_VERSION, fields: setOfPath(REPLICAS) })));
}

/**
 * The managers of an object after those of its Scale have changed. Who is not among them any more loses the replicas;
 * who is told there under another version than the object's gets an entry of its own, without a time, as on the real server.
 */
export function parentManagers(
  parent: Value | undefined,
  scale: Value | undefined,
  path: readonly string[],
  apiVersion: string,
): Value[] {
  const replicas = path.map(fieldElement);
  const before = managersOf(parent);
  const left = new Map(managersOf(scale));
  const kept: Manager[] = [];
  for (const [key, manager] of before) {
    const isOwner = hasPath(manager.fields, replicas);
    if (!isOwner || left.delete(key)) {
      kept.push(manager);
      continue;
    }
    const fields = difference(manager.fields, setOfPath(replicas));
    if (!isEmpty(fields)) kept.push({ ...manager, fields });
  }
  for (const [key, manager] of left)
    if (hasPath(manager.fields, REPLICAS))
      kept.push({ ...manager, apiVersion, time: before.get(key)?.time, fields: setOfPath(replicas) });
  return write(kept);
}

/** Two entries may tell the same manager apart by nothing: both are written. */
function write(managers: readonly Manager[]): Value[] {
  return writeManagers(new Map(managers.map((manager, index) => [String(index), manager])));
}
