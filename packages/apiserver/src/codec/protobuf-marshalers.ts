import type { Value } from '../value.ts';
import { readJson } from './json-reader.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

/** Reads the message of one Go type into the JSON that the type prints. */
export type MessageDecoder = (message: ProtobufReader) => Value;

/** Reads all fields of a message by number; those without a reader are skipped. */
export function readFields(
  message: ProtobufReader,
  readers: Readonly<Record<number, (message: ProtobufReader) => void>>,
): void {
  for (let field = message.field(); field !== undefined; field = message.field()) {
    const read = readers[field.number];
    if (read === undefined) message.skip(field.wire);
    else read(message);
  }
}

/** `{seconds, nanos}`; an empty message is Go's zero time. */
function readTime(message: ProtobufReader, fraction: (nanos: number) => string): Value {
  let seconds: number | undefined;
  let nanos = 0;
  readFields(message, {
    1: (m) => (seconds = Number(m.varint())),
    2: (m) => (nanos = Number(m.varint())),
  });
  if (seconds === undefined) return null;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`;
}

const noFraction = (): string => '';
const micros = (nanos: number): string => `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`;

function readText(message: ProtobufReader): Value {
  let text = '';
  readFields(message, { 1: (m) => (text = m.text()) });
  return text;
}

/** JSON inside of protobuf. */
function readRaw(message: ProtobufReader): Value {
  let text = '';
  readFields(message, { 1: (m) => (text = m.text()) });
  return text === '' ? null : readJson(text).value;
}

function readIntOrString(message: ProtobufReader): Value {
  let isText = false;
  let integer: number | bigint = 0;
  let text = '';
  readFields(message, {
    1: (m) => (isText = m.varint() === 1),
    2: (m) => (integer = m.varint()),
    3: (m) => (text = m.text()),
  });
  return isText ? text : integer;
}

function schemaOr(props: MessageDecoder, otherwise: 'list' | 'strings' | 'boolean'): MessageDecoder {
  return (message) => {
    let schema: Value | undefined;
    let allows = false;
    const items: Value[] = [];
    const isBoolean = otherwise === 'boolean';
    readFields(message, {
      1: isBoolean ? (m) => (allows = m.varint() === 1) : (m) => (schema = props(m.message())),
      2: (m) => {
        if (isBoolean) schema = props(m.message());
        else items.push(otherwise === 'list' ? props(m.message()) : m.text());
      },
    });
    return schema ?? (isBoolean ? allows : items);
  };
}

/** Go types whose messages are not what their fields say, by full name. */
export function specialDecoder(type: string, decoderOf: (type: string) => MessageDecoder): MessageDecoder | undefined {
  const props = (message: ProtobufReader): Value => decoderOf(type.replace(/Or\w+$/, ''))(message);
  switch (type.slice(type.lastIndexOf('.') + 1)) {
    case 'Time':
      return (message) => readTime(message, noFraction);
    case 'MicroTime':
      return (message) => readTime(message, micros);
    case 'Quantity':
      return readText;
    case 'IntOrString':
      return readIntOrString;
    case 'JSON':
    case 'FieldsV1':
    case 'RawExtension':
      return readRaw;
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
