import type { Value } from '../value.ts';
import type { GoCodec } from './go-codec.ts';
import { mapCodec, sliceCodec } from './go-collections.ts';
import { marshalerCodec, rawCodec } from './go-marshalers.ts';
import { boolCodec, bytesCodec, floatCodec, integerCodec, stringCodec } from './go-scalars.ts';
import { StructCodec } from './go-struct.ts';
import type { StructField } from './go-struct.ts';
import { goStruct, shortTypeName } from './go-types.ts';
import type { GoField, GoKind } from './go-types.ts';

interface TypeReference {
  readonly kind: GoKind;
  readonly type?: string | undefined;
  readonly elemKind?: GoKind | undefined;
  readonly elemType?: string | undefined;
}

const structs = new Map<string, GoCodec>();
const strings = new Map<string, GoCodec>();
const int32 = integerCodec('int32');
const int64 = integerCodec('int64');

/** These kinds are stored as JSON; all others as protobuf, where an empty list and no list are the same. */
const STORED_AS_JSON = /^k8s\.io\/(apiextensions-apiserver|kube-aggregator)\//;

/** The codec of a Go struct by its full name, compiled once. */
export function structCodec(type: string): GoCodec {
  const known = structs.get(type);
  if (known !== undefined) return known;
  const struct = goStruct(type);
  const marshaler = struct?.marshaler?.includes('json') === true ? marshalerCodec(type, structCodec) : undefined;
  const codec = marshaler ?? new StructCodec(shortTypeName(type), () => fieldsOf(type));
  structs.set(type, codec);
  return codec;
}

function namedString(type: string | undefined): GoCodec {
  const name = type === undefined ? 'string' : shortTypeName(type);
  const codec = strings.get(name) ?? stringCodec(name);
  strings.set(name, codec);
  return codec;
}

function collection(kind: 'slice' | 'map', reference: TypeReference): GoCodec {
  const { type, elemKind = 'interface', elemType } = reference;
  // Named slices, the only collections inside collections, hold strings.
  const inner: TypeReference = { kind: elemKind, type: elemType, elemKind: 'string' };
  const name = (): string => {
    if (type !== undefined) return shortTypeName(type);
    return `${kind === 'slice' ? '[]' : 'map[string]'}${codecOf(inner).name}`;
  };
  return (kind === 'slice' ? sliceCodec : mapCodec)(() => codecOf(inner), name);
}

function codecOf(reference: TypeReference): GoCodec {
  const { kind, type } = reference;
  switch (kind) {
    case 'string':
      return namedString(type);
    case 'bool':
      return boolCodec;
    case 'int32':
      return int32;
    case 'int64':
      return int64;
    case 'float64':
      return floatCodec;
    case 'bytes':
      return bytesCodec;
    case 'struct':
      return type === undefined ? rawCodec : structCodec(type);
    case 'slice':
    case 'map':
      return collection(kind, reference);
    case 'interface':
      return rawCodec;
  }
}

type Print = (decoded: Value | undefined) => Value | undefined;

/** Go's rules for printing a field: what `omitempty`, `omitzero` and pointers leave out. */
function printer(field: GoField, codec: GoCodec, isStoredAsJson: boolean): Print {
  const { pointer, omitempty, omitzero, kind } = field;
  if (pointer === true) return omitempty === true ? (decoded) => decoded : (decoded) => decoded ?? null;
  if (kind === 'slice' || kind === 'map' || kind === 'bytes') return collectionPrinter(field, codec, isStoredAsJson);
  if (omitzero === true) return (decoded) => (decoded === undefined || codec.isEmpty(decoded) ? undefined : decoded);
  if (omitempty !== true || kind === 'struct') return (decoded) => decoded ?? codec.zero();
  return (decoded) => (decoded === undefined || codec.isEmpty(decoded) ? undefined : decoded);
}

/** An empty `managedFields` asks the server to forget who owns what; left out it says nothing. */
const isKeptEmpty = ({ json }: GoField): boolean => json === 'managedFields';

function collectionPrinter(field: GoField, codec: GoCodec, isStoredAsJson: boolean): Print {
  if (isKeptEmpty(field)) return (decoded) => decoded;
  if (field.omitempty === true)
    return (decoded) => (decoded === undefined || codec.isEmpty(decoded) ? undefined : decoded);
  if (isStoredAsJson) return (decoded) => decoded ?? null;
  return (decoded) => (decoded === undefined || codec.isEmpty(decoded) ? null : decoded);
}

function fieldsOf(type: string): StructField[] {
  const isStoredAsJson = STORED_AS_JSON.test(type);
  return (goStruct(type)?.fields ?? []).flatMap((field): StructField[] => {
    if (field.inline === true && field.type !== undefined)
      return fieldsOf(field.type).map((inner) => ({ ...inner, goPath: `${field.go}.${inner.goPath}` }));
    if (field.json === '-') return [];
    const codec = codecOf(field);
    const json = field.json ?? field.go;
    return [{ json, goPath: json, codec, print: printer(field, codec, isStoredAsJson) }];
  });
}
