import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { goStruct, isNamedMessage } from './go-types.ts';
import type { GoField, GoKind } from './go-types.ts';
import { specialEncoder } from './protobuf-special.ts';
import type { MessageEncoder } from './protobuf-special.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

type WriteField = (object: ObjectValue, message: ProtobufWriter) => void;
type WriteValue = (message: ProtobufWriter, number: number, value: Value | undefined) => void;

const encoders = new Map<string, MessageEncoder>();

/** `{items: [string]}`, the message of a named list of strings. */
const writeNamedList: WriteValue = (message, number, value) =>
  message.message(number, (inner) => {
    for (const item of Array.isArray(value) ? value : []) inner.text(1, String(item));
  });

/** Writes a value of a kind; absent ones as Go's zero. */
function valueWriter(kind: GoKind, type: string | undefined): WriteValue {
  switch (kind) {
    case 'bool':
      return (message, number, value) => message.varint(number, value === true);
    case 'int32':
    case 'int64':
      return (message, number, value) => message.varint(number, integerOf(value));
    case 'float64':
      return (message, number, value) => message.double(number, Number(value ?? 0));
    case 'bytes':
      return (message, number, value) => message.bytes(number, Buffer.from(String(value ?? ''), 'base64'));
    case 'struct':
      return (message, number, value) => message.message(number, (inner) => messageEncoder(type ?? '')(value, inner));
    case 'slice':
      return writeNamedList;
    default:
      return (message, number, value) =>
        message.text(number, value === undefined || value === null ? '' : String(value));
  }
}

function integerOf(value: Value | undefined): number | bigint {
  return typeof value === 'number' || typeof value === 'bigint' ? value : 0;
}

function mapWriter(json: string, number: number, field: GoField): WriteField {
  const writeValue = valueWriter(field.elemKind ?? 'string', field.elemType);
  return (object, message) => {
    const map = object[json];
    if (!isObject(map)) return;
    for (const key of Object.keys(map).toSorted()) {
      message.message(number, (entry) => {
        entry.text(1, key);
        writeValue(entry, 2, map[key]);
      });
    }
  };
}

function sliceWriter(json: string, number: number, field: GoField): WriteField {
  if (isNamedMessage(field.type)) {
    return (object, message) => {
      if (Array.isArray(object[json])) writeNamedList(message, number, object[json]);
    };
  }
  const writeValue = valueWriter(field.elemKind ?? 'string', field.elemType);
  return (object, message) => {
    const list = object[json];
    for (const item of Array.isArray(list) ? list : []) writeValue(message, number, item);
  };
}

/** A struct inside of a struct is a message of its own, though its fields are the object's in JSON. */
function embeddedWriter(number: number, type: string, isPointer: boolean): WriteField {
  return (object, message) => {
    if (isPointer && !hasAny(type, object)) return;
    message.message(number, (inner) => messageEncoder(type)(object, inner));
  };
}

function hasAny(type: string, object: ObjectValue): boolean {
  return (goStruct(type)?.fields ?? []).some(({ json }) => json !== undefined && object[json] !== undefined);
}

function fieldWriter(field: GoField, number: number): WriteField {
  const { go, kind, type, inline, pointer } = field;
  const json = field.json ?? go;
  if (inline === true && type !== undefined) return embeddedWriter(number, type, pointer === true);
  if (kind === 'map') return mapWriter(json, number, field);
  if (kind === 'slice') return sliceWriter(json, number, field);
  const writeValue = valueWriter(kind, type);
  // Pointers and bytes may be nil; all else is always on the wire, zero or not.
  const isOptional = pointer === true || kind === 'bytes';
  return (object, message) => {
    const value = object[json];
    if (isOptional && (value === undefined || value === null)) return;
    writeValue(message, number, value);
  };
}

function structEncoder(type: string): MessageEncoder {
  let writers: readonly WriteField[] | undefined;
  return (value, message) => {
    writers ??= (goStruct(type)?.fields ?? [])
      .filter(({ number }) => number !== undefined)
      .toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))
      .map((field) => fieldWriter(field, field.number ?? 0));
    const object = isObject(value) ? value : {};
    for (const write of writers) write(object, message);
  };
}

/** Writes messages of a Go struct, by its full name; compiled once. */
function messageEncoder(type: string): MessageEncoder {
  const known = encoders.get(type);
  if (known !== undefined) return known;
  const made = specialEncoder(type, messageEncoder) ?? structEncoder(type);
  encoders.set(type, made);
  return made;
}

/** The bytes of an object of a Go type, without an envelope. */
export function encodeMessage(type: string, value: Value): Buffer {
  const message = new ProtobufWriter();
  messageEncoder(type)(value, message);
  return message.finish();
}
