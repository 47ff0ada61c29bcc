import { isObject } from '../../value.ts';
import type { ObjectValue, Value } from '../../value.ts';
import { fieldsOf, inlinedTypesOf } from '../go-types.ts';
import type { GoField } from '../../codec/go-types.ts';
import { admissionDefaults } from './admission-defaults.ts';
import { appsDefaults } from './apps-defaults.ts';
import { batchDefaults } from './batch-defaults.ts';
import { coreDefaults } from './core-defaults.ts';
import { extensionDefaults } from './extension-defaults.ts';
import { disabledFields } from './disabled-fields.ts';
import { mirroredFields } from './mirrored-fields.ts';
import { networkingDefaults } from './networking-defaults.ts';
import { podDefaults } from './pod-defaults.ts';
import { roundResourceList } from './resource-lists.ts';
import { resourceDefaults } from './resource-defaults.ts';
import { storageDefaults } from './storage-defaults.ts';
import { volumeDefaults } from './volume-defaults.ts';
import type { DefaultsTable, TypeDefaults } from './type-defaults.ts';

const resourceList = 'k8s.io/api/core/v1.ResourceList';

type Defaulter = (value: ObjectValue) => void;

const tables: readonly DefaultsTable[] = [
  mirroredFields,
  admissionDefaults,
  appsDefaults,
  batchDefaults,
  coreDefaults,
  disabledFields,
  extensionDefaults,
  networkingDefaults,
  podDefaults,
  resourceDefaults,
  storageDefaults,
  volumeDefaults,
];

const compiled = new Map<string, Defaulter>();
const reaching = new Map<string, boolean>();

/**
 * The defaulter of a Go type: the rules of the type itself first, then those of the types in its fields, in the order
 * of the generated defaulting of the real server. Parts that no rule can reach are not visited at all.
 */
export function defaulterOf(type: string): Defaulter {
  const known = compiled.get(type);
  if (known) return known;
  let steps: readonly Defaulter[] = [];
  const defaulter: Defaulter = (value) => {
    for (const step of steps) step(value);
  };
  // Registered before its steps are made: types may contain themselves.
  compiled.set(type, defaulter);
  steps = [...ownSteps(type), ...fieldsOf(type).flatMap(fieldSteps)];
  return defaulter;
}

function rulesOf(type: string): readonly TypeDefaults[] {
  return [type, ...inlinedTypesOf(type)].flatMap((name) => {
    const key = name.replace('k8s.io/api/', '');
    return tables.flatMap((table) => table[key] ?? []);
  });
}

function ownSteps(type: string): readonly Defaulter[] {
  const pointers = new Set(fieldsOf(type).flatMap((field) => (field.pointer && field.json ? [field.json] : [])));
  return rulesOf(type).flatMap(({ set = {}, drop = [], adjust }) => [
    ...drop.map(
      (key): Defaulter =>
        (object) =>
          void delete object[key],
    ),
    ...Object.entries(set).map(([key, value]) => setStep(key, value, pointers.has(key))),
    ...(adjust ? [adjust] : []),
  ]);
}

function setStep(key: string, value: Value, pointer: boolean): Defaulter {
  const isUnset = pointer ? isAbsent : isZero;
  if (typeof value !== 'object' || value === null) {
    return (object) => {
      if (isUnset(object[key])) object[key] = value;
    };
  }
  return (object) => {
    if (isUnset(object[key])) object[key] = structuredClone(value);
  };
}

function isAbsent(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

function isZero(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '' || value === 0;
}

function fieldSteps(field: GoField): readonly Defaulter[] {
  const { json, kind } = field;
  const type = kind === 'struct' || field.elemType === undefined ? field.type : field.elemType;
  if (json === undefined) return [];
  if (field.type === resourceList) return [(object) => roundResourceList(object[json])];
  if (type === undefined || !reaches(type, new Set())) return [];
  const inner = defaulterOf(type);
  return [kind === 'slice' ? sliceStep(json, inner) : kind === 'map' ? mapStep(json, inner) : structStep(json, inner)];
}

function structStep(key: string, inner: Defaulter): Defaulter {
  return (object) => {
    const value = object[key];
    if (isObject(value)) inner(value);
  };
}

function sliceStep(key: string, inner: Defaulter): Defaulter {
  return (object) => {
    const items = object[key];
    if (!Array.isArray(items)) return;
    for (const item of items) if (isObject(item)) inner(item);
  };
}

function mapStep(key: string, inner: Defaulter): Defaulter {
  return (object) => {
    const map = object[key];
    if (!isObject(map)) return;
    for (const item of Object.values(map)) if (isObject(item)) inner(item);
  };
}

/** Whether any rule holds for the type or for what it contains. */
function reaches(type: string, asking: Set<string>): boolean {
  const known = reaching.get(type);
  if (known !== undefined) return known;
  if (asking.has(type)) return false;
  asking.add(type);
  const found =
    rulesOf(type).length > 0 ||
    fieldsOf(type).some((field) => {
      if (field.type === resourceList) return true;
      const inner = field.kind === 'struct' || field.elemType === undefined ? field.type : field.elemType;
      return inner !== undefined && reaches(inner, asking);
    });
  if (found || asking.size === 1) reaching.set(type, found);
  asking.delete(type);
  return found;
}
