import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { EMPTY_SET } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { readFields } from './fields-v1.ts';

/** One entry of managedFields: who owns which fields, how, and since when. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** The version that the fields are of. */
  readonly apiVersion: string;
  readonly subresource: string;
  /** Some entries have none: co-owners of what did not change, and those of a scale. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** The managers of an object by `managerKey`. */
export type Managers = ReadonlyMap<string, Manager>;

/** Tells managers apart; one that applies is the same in all versions. */
export function managerKey({
  manager,
  operation,
  apiVersion,
  subresource,
}: Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

function readEntry(entry: Value): Manager | undefined {
  if (!isObject(entry)) return undefined;
  const operation = entry['operation'];
  const apiVersion = textOf(entry['apiVersion']);
  const fields = readFields(entry['fieldsV1']);
  if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '') return undefined;
  if (entry['fieldsType'] !== 'FieldsV1' || fields === undefined) return undefined;
  const time = entry['time'];
  return {
    manager: textOf(entry['manager']),
    operation,
    apiVersion,
    subresource: textOf(entry['subresource']),
    time: typeof time === 'string' ? time : undefined,
    fields,
  };
}

/** Reads managedFields, which a client may have written; undefined if any entry is malformed. */
export function readManagers(managedFields: Value | undefined): Managers | undefined {
  const managers = new Map<string, Manager>();
  if (!Array.isArray(managedFields)) return managers;
  for (const entry of managedFields) {
    const manager = readEntry(entry);
    if (manager === undefined) return undefined;
    managers.set(managerKey(manager), manager);
  }
  return managers;
}

/** An empty list, or one with an empty entry, asks to forget who owns what. */
export function isReset(managedFields: Value | undefined): boolean {
  if (!Array.isArray(managedFields)) return false;
  const [first] = managedFields;
  return first === undefined || (managedFields.length === 1 && isObject(first) && Object.keys(first).length === 0);
}

const seconds = ({ time }: Manager): number => (time === undefined ? 0 : Date.parse(time));

const compareTexts = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function compareManagers(left: Manager, right: Manager): number {
  return (
    compareTexts(left.operation, right.operation) ||
    seconds(left) - seconds(right) ||
    compareTexts(left.manager, right.manager) ||
    compareTexts(left.apiVersion, right.apiVersion) ||
    compareTexts(left.subresource, right.subresource)
  );
}

/** Managers as they are stored: who applies before who updates, then by time. */
export function writeManagers(managers: Managers): ObjectValue[] {
  return [...managers.values()].sort(compareManagers).map((entry) => {
    const { manager, operation, apiVersion, subresource, time, fields } = entry;
    return {
      ...(manager === '' ? {} : { manager }),
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: asValue(fields),
      ...(subresource === '' ? {} : { subresource }),
    };
  });
}

/** A field set is JSON already. */
function asValue(fields: FieldSet): ObjectValue {
  return fields as ObjectValue;
}

/** A manager that owns nothing yet. */
export function newManager(
  manager: string,
  operation: Manager['operation'],
  apiVersion: string,
  subresource: string,
): Manager {
  return {
    manager: manager === '' ? 'unknown' : manager,
    operation,
    apiVersion,
    subresource,
    time: undefined,
    fields: EMPTY_SET,
  };
}
