import { union } from './field-set.ts';
import { managerKey } from './managers.ts';
import type { Manager, Managers } from './managers.ts';

/** So many managers that update are told apart; those that apply do not count. */
const MAX_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

const secondsOf = ({ time }: Manager): number => (time === undefined ? 0 : Date.parse(time));

/** Puts the oldest updaters beyond the limit together, one for each version: `ancient-changes`. */
export function capManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  if (updaters.length <= MAX_UPDATERS) return managers;
  updaters.sort(([left, a], [right, b]) => secondsOf(a) - secondsOf(b) || (left < right ? -1 : 1));
  const capped = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [key, manager] of updaters) {
    if (count <= MAX_UPDATERS) break;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, key);
      continue;
    }
    mergeInto(capped, first, key, manager);
    count--;
  }
  return capped;
}

function mergeInto(managers: Map<string, Manager>, first: string, key: string, manager: Manager): void {
  const { apiVersion, time } = manager;
  const bucket = managerKey({ manager: ANCIENT, operation: 'Update', apiVersion, subresource: '' });
  const before = managers.get(bucket) ?? managers.get(first);
  if (!managers.has(bucket)) managers.delete(first);
  managers.delete(key);
  const fields = before === undefined ? manager.fields : union(manager.fields, before.fields);
  managers.set(bucket, { manager: ANCIENT, operation: 'Update', apiVersion, subresource: '', time, fields });
}
