import { objectType } from '../../cel/declaration.ts';
import type { Declaration, DeclaredField } from '../../cel/declaration.ts';
import { environment } from '../../cel/environment.ts';
import type { Environment } from '../../cel/environment.ts';
import { functionTable } from '../../cel/functions.ts';
import type { FunctionTable, Library } from '../../cel/functions.ts';
import { dyn, listOf, mapOf, simple } from '../../cel/type.ts';
import type { CelType } from '../../cel/type.ts';
import { Failure } from '../../cel/value.ts';

import { authorizerLibrary, authorizerType } from './authorizer.ts';

/** What the expressions of a policy may use. */
export type PolicyEnvironment = Environment;

const declared = (type: CelType, parts: Partial<Declaration> = {}): Declaration => ({
  type,
  maxElements: 0,
  minSize: 0,
  ...parts,
});

const text = declared(simple('string'));
const flag = declared(simple('bool'));
const whole = declared(simple('int'));
const time = declared(simple('timestamp'), { format: 'date-time' });
const anything = declared(dyn);
const texts = declared(listOf(text.type), { element: text });

const mapFrom = (element: Declaration): Declaration => declared(mapOf(text.type, element.type), { element });

/** In JSON a few fields are called otherwise than in expressions. */
const jsonNames: Readonly<Record<string, string>> = { UID: 'uid' };

function object(name: string, types: Readonly<Record<string, Declaration>>): Declaration {
  const fields: ReadonlyMap<string, DeclaredField> = new Map(
    Object.entries(types).map(([field, type]) => [field, { name: jsonNames[field] ?? field, type }]),
  );
  return declared(objectType(name, fields), { fields });
}

const kind = object('kubernetes.GroupVersionKind', { group: text, version: text, kind: text });
const resource = object('kubernetes.GroupVersionResource', { group: text, version: text, resource: text });
const user = object('kubernetes.UserInfo', {
  username: text,
  uid: text,
  groups: texts,
  extra: mapFrom(texts),
});

/** What is known of a request: admission.k8s.io/v1 AdmissionRequest, without the objects. */
export const requestDeclaration: Declaration = object('kubernetes.AdmissionRequest', {
  kind,
  resource,
  subResource: text,
  requestKind: kind,
  requestResource: resource,
  requestSubResource: text,
  name: text,
  namespace: text,
  operation: text,
  userInfo: user,
  dryRun: flag,
  options: anything,
});

/** The parts of a namespace that expressions may see. */
export const namespaceDeclaration: Declaration = object('kubernetes.Namespace', {
  metadata: object('kubernetes.NamespaceMetadata', {
    name: text,
    generateName: text,
    namespace: text,
    labels: mapFrom(text),
    annotations: mapFrom(text),
    UID: text,
    creationTimestamp: time,
    deletionGracePeriodSeconds: whole,
    deletionTimestamp: time,
    generation: whole,
    resourceVersion: text,
    finalizers: texts,
  }),
  spec: object('kubernetes.NamespaceSpec', { finalizers: texts }),
  status: object('kubernetes.NamespaceStatus', { phase: text }),
});

/** An object of any kind: its schema is not looked at. */
export const objectDeclaration: Declaration = anything;

const patchFields: Readonly<Record<string, CelType>> = { op: text.type, path: text.type, from: text.type, value: dyn };

/** What mutations may make: parts of the object at hand, under the names of their paths, and JSON patches. */
function structOf(name: string): CelType | undefined {
  if (name === 'JSONPatch') return { kind: 'object', name, field: (field) => patchFields[field] };
  if (name === 'Object' || name.startsWith('Object.')) return { kind: 'object', name, field: () => dyn };
  return undefined;
}

const patchLibrary: Library = [
  [
    'jsonpatch.escapeKey(string): string',
    (key) =>
      typeof key === 'string' ? key.replaceAll('~', '~0').replaceAll('/', '~1') : new Failure('no such overload'),
  ],
];

interface Options {
  /** The expressions make mutations. */
  readonly isMutating?: boolean;
  /** The policy takes parameters. */
  readonly hasParams?: boolean;
  /** Types of the policy's own variables; absent where it has none. */
  readonly variables?: ReadonlyMap<string, CelType>;
}

/** Tables are made once: the base is always the same. */
function adding(...libraries: readonly Library[]): (base: FunctionTable) => FunctionTable {
  let made: FunctionTable | undefined;
  return (base) => {
    made ??= new Map([...base, ...functionTable(...libraries)]);
    return made;
  };
}

const validatingFunctions = adding(authorizerLibrary);
const mutatingFunctions = adding(authorizerLibrary, patchLibrary);

/** What expressions of policies and of match conditions may use. */
export function policyEnvironment({ hasParams = false, isMutating = false, variables }: Options): PolicyEnvironment {
  const known = environment({
    object: dyn,
    oldObject: dyn,
    request: requestDeclaration.type,
    namespaceObject: namespaceDeclaration.type,
    authorizer: authorizerType,
    ...(hasParams ? { params: dyn } : {}),
    ...(variables === undefined
      ? {}
      : {
          variables: {
            kind: 'object',
            name: 'kubernetes.variables',
            field: (name: string) => variables.get(name),
          } satisfies CelType,
        }),
  });
  const functions = isMutating ? mutatingFunctions(known.functions) : validatingFunctions(known.functions);
  return { ...known, functions, ...(isMutating ? { structs: structOf } : {}) };
}
