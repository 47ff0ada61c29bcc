import { readData } from '../registry/published-resources.ts';

/** One field of a Go struct: its JSON and protobuf tags. False and empty values are left out. */
export interface GoField {
  readonly go: string;
  readonly json?: string;
  readonly inline?: boolean;
  readonly pointer?: boolean;
  readonly omitempty?: boolean;
  readonly omitzero?: boolean;
  readonly number?: number;
  readonly wire?: 'varint' | 'bytes' | 'fixed64' | 'fixed32';
  readonly kind: GoKind;
  readonly type?: string;
  readonly elemKind?: GoKind;
  readonly elemType?: string;
  readonly elemPointer?: boolean;
  readonly patchStrategy?: readonly string[];
  readonly patchMergeKey?: string;
}

export type GoKind =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'bytes'
  | 'struct'
  | 'slice'
  | 'map'
  | 'interface';

/** A Go struct; `marshaler` names the forms that it writes by code of its own. */
export interface GoStruct {
  readonly protobuf?: boolean;
  readonly marshaler?: readonly string[];
  readonly fields: readonly GoField[];
}

interface GoNamed {
  readonly kind: GoKind;
  readonly elem?: string;
  readonly protobuf?: boolean;
}

interface GoData {
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, GoStruct>>;
  readonly named: Readonly<Record<string, GoNamed>>;
}

let loaded: GoData | undefined;

function goData(): GoData {
  loaded ??= readData<GoData>('fields.json.gz');
  return loaded;
}

/** A kind of the API, by group, version and kind. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The Go type of a built-in kind, such as `k8s.io/api/core/v1.Pod`; undefined if there is none. */
export function goTypeOf({ group, version, kind }: GroupVersionKind): string | undefined {
  return goData().kinds[group === '' ? `${version}/${kind}` : `${group}/${version}/${kind}`];
}

/** A Go struct by its full name; undefined for types that are not structs. */
export function goStruct(name: string): GoStruct | undefined {
  return goData().types[name];
}

/** True if a named type that is not a struct has a protobuf message of its own (`ExtraValue`, `Verbs`). */
export function isNamedMessage(name: string | undefined): boolean {
  return name !== undefined && goData().named[name]?.protobuf === true;
}

/** `v1.Pod` for `k8s.io/api/core/v1.Pod`: how Go prints a type. */
export function shortTypeName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
