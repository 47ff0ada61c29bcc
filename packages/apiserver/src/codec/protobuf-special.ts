import type { Value } from '../value.ts';
import { isObject } from '../value.ts';
import { writeJson } from './json-writer.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** Writes a value of one Go type as the fields of its message; undefined is the type's zero value. */
export type MessageEncoder = (value: Value | undefined, writer: ProtobufWriter) => void;

/** `{seconds, nanos}`; Go's zero time is an empty message. */
const writeTime: MessageEncoder = (value, writer) => {
  if (typeof value !== 'string') return;
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? '';
  writer.varint(1, Math.floor(Date.parse(value) / 1000));
  writer.varint(2, Number(fraction.padEnd(9, '0').slice(0, 9)));
};

const writeQuantity: MessageEncoder = (value, writer) => writer.text(1, typeof value === 'string' ? value : '0');

const writeIntOrString: MessageEncoder = (value, writer) => {
  const isText = typeof value === 'string';
  writer.varint(1, isText ? 1 : 0);
  writer.varint(2, typeof value === 'number' ? value : 0);
  writer.text(3, isText ? value : '');
};

/** JSON inside of protobuf. */
const writeRaw: MessageEncoder = (value, writer) => {
  if (value !== undefined) writer.text(1, writeJson(value));
};

function schemaOr(props: MessageEncoder, otherwise: 'list' | 'strings' | 'boolean'): MessageEncoder {
  const isBoolean = otherwise === 'boolean';
  return (value, writer) => {
    if (isBoolean) writer.varint(1, value === false || value === undefined ? 0 : 1);
    if (isObject(value)) writer.message(isBoolean ? 2 : 1, (inner) => props(value, inner));
    if (!Array.isArray(value)) return;
    for (const item of value)
      if (otherwise === 'list') writer.message(2, (inner) => props(item, inner));
      else writer.text(2, typeof item === 'string' ? item : '');
  };
}

/** Go types whose messages are not what their fields say, by full name. */
export function specialEncoder(type: string, encoderOf: (type: string) => MessageEncoder): MessageEncoder | undefined {
  const props: MessageEncoder = (value, writer) => encoderOf(type.replace(/Or\w+$/, ''))(value, writer);
  switch (type.slice(type.lastIndexOf('.') + 1)) {
    case 'Time':
    case 'MicroTime':
      return writeTime;
    case 'Quantity':
      return writeQuantity;
    case 'IntOrString':
      return writeIntOrString;
    case 'JSON':
    case 'FieldsV1':
    case 'RawExtension':
      return writeRaw;
    case 'JSONSchemaPropsOrArray':
      return schemaOr(props, 'list');
    case 'JSONSchemaPropsOrStringArray':
      return schemaOr(props, 'strings');
    case 'JSONSchemaPropsOrBool':
      return schemaOr(props, 'boolean');
    default:
      return undefined;
  }
}
