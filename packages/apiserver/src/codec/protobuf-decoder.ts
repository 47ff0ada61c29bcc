import { badRequest } from '../status-error.ts';
import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { setOwn } from './go-collections.ts';
import { goStruct, isNamedMessage } from './go-types.ts';
import type { GoField, GoKind } from './go-types.ts';
import { readFields, specialDecoder } from './protobuf-marshalers.ts';
import type { MessageDecoder } from './protobuf-marshalers.ts';
import { BYTES, FIXED64, VARINT } from './protobuf-reader.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

/** Reads one field's value, which stands at the reader, into the object. */
interface FieldReader {
  readonly go: string;
  readonly wire: number;
  read(message: ProtobufReader, object: ObjectValue): void;
}

type ReadValue = (message: ProtobufReader) => Value;

const decoders = new Map<string, MessageDecoder>();

function wireOf(kind: GoKind): number {
  if (kind === 'bool' || kind === 'int32' || kind === 'int64') return VARINT;
  return kind === 'float64' ? FIXED64 : BYTES;
}

/** `{items: [string]}`, the message of a named list of strings. */
function readNamedList(message: ProtobufReader): Value {
  const items: Value[] = [];
  readFields(message.message(), { 1: (m) => items.push(m.text()) });
  return items;
}

function valueReader(kind: GoKind, type: string | undefined): ReadValue {
  switch (kind) {
    case 'bool':
      return (message) => message.varint() !== 0;
    case 'int32':
    case 'int64':
      return (message) => message.varint();
    case 'float64':
      return (message) => message.double();
    case 'bytes':
      return (message) => message.bytes().toString('base64');
    case 'struct':
      return (message) => messageDecoder(type ?? '')(message.message());
    case 'slice':
      return readNamedList;
    default:
      return (message) => message.text();
  }
}

const zeroOf = (kind: GoKind): Value => (kind === 'string' || kind === 'bytes' ? '' : null);

function mapReader(json: string, field: GoField): FieldReader['read'] {
  const kind = field.elemKind ?? 'string';
  const readValue = valueReader(kind, field.elemType);
  return (message, object) => {
    let key = '';
    let value = zeroOf(kind);
    readFields(message.message(), {
      1: (m) => (key = m.text()),
      2: (m) => (value = readValue(m)),
    });
    const before = object[json];
    const map: ObjectValue = isObject(before) ? before : {};
    setOwn(map, key, value);
    object[json] = map;
  };
}

function sliceReader(json: string, field: GoField): FieldReader['read'] {
  if (isNamedMessage(field.type))
    return (message, object) => {
      object[json] = readNamedList(message);
    };
  const readValue = valueReader(field.elemKind ?? 'string', field.elemType);
  return (message, object) => {
    const value = readValue(message);
    const before = object[json];
    if (Array.isArray(before)) before.push(value);
    else object[json] = [value];
  };
}

/** A struct inside of a struct may be a message of its own, but not an object of its own in JSON. */
function embeddedReader(type: string): FieldReader['read'] {
  return (message, object) => {
    Object.assign(object, messageDecoder(type)(message.message()));
  };
}

function fieldReader(field: GoField): FieldReader {
  const { go, kind, type, inline } = field;
  const json = field.json ?? go;
  if (inline === true && type !== undefined) return { go, wire: BYTES, read: embeddedReader(type) };
  if (kind === 'map') return { go, wire: BYTES, read: mapReader(json, field) };
  if (kind === 'slice')
    return {
      go,
      wire: wireOf(isNamedMessage(type) ? 'struct' : (field.elemKind ?? 'string')),
      read: sliceReader(json, field),
    };
  const readValue = valueReader(kind, type);
  return {
    go,
    wire: wireOf(kind),
    read: (message, object) => {
      object[json] = readValue(message);
    },
  };
}

function structDecoder(type: string): MessageDecoder {
  let readers: ReadonlyMap<number, FieldReader> | undefined;
  return (message) => {
    readers ??= new Map(
      (goStruct(type)?.fields ?? []).flatMap((field) =>
        field.number === undefined ? [] : [[field.number, fieldReader(field)] as const],
      ),
    );
    const object: ObjectValue = {};
    for (let field = message.field(); field !== undefined; field = message.field()) {
      const reader = readers.get(field.number);
      if (reader === undefined) message.skip(field.wire);
      else if (reader.wire === field.wire) reader.read(message, object);
      else throw badRequest(`proto: wrong wireType = ${field.wire} for field ${reader.go}`);
    }
    return object;
  };
}

/** Reads messages of a Go struct, by its full name; compiled once. */
export function messageDecoder(type: string): MessageDecoder {
  const known = decoders.get(type);
  if (known !== undefined) return known;
  const made = specialDecoder(type, messageDecoder) ?? structDecoder(type);
  decoders.set(type, made);
  return made;
}
