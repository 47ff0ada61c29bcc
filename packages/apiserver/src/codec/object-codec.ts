import type { Codec, Decoded, DecodeInput } from '../parts.ts';
import { badRequest, StatusError } from '../status-error.ts';
import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import {
  cannotHandle,
  groupVersionText,
  readTypeMeta,
  typeOfBody,
  unknownConversion,
  unrecognized,
  versionMismatch,
} from './body-type.ts';
import { decodeBuiltIn } from './built-in.ts';
import { goTypeOf } from './go-types.ts';
import type { GroupVersionKind } from './go-types.ts';
import { readJson } from './json-reader.ts';
import type { DocumentFacts } from './json-reader.ts';
import { decodeObjectMeta } from './object-meta.ts';
import { openProtobuf } from './protobuf-body.ts';
import { messageDecoder } from './protobuf-decoder.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { writeJson } from './json-writer.ts';
import { readYaml } from './yaml-reader.ts';

type Expectation = Omit<DecodeInput, 'bytes' | 'mediaType'>;

/** A body read, but not yet decoded as a kind. */
interface Document {
  readonly value: Value;
  readonly facts?: DocumentFacts | undefined;
  /** Strict errors of the reader itself. */
  readonly duplicates: readonly string[];
}

/** Turns the message of a 400 into a better one. */
function inContext<T>(work: () => T, wrap: (reason: string) => StatusError): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 400) throw wrap(error.message);
    throw error;
  }
}

function readDocument({ bytes, mediaType, expected }: DecodeInput): Document {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (mediaType === 'application/yaml')
    return inContext(
      () => readYaml(text),
      (reason) => unrecognized(expected, reason, bytes),
    );
  const { value, facts } = inContext(
    () => readJson(text),
    (reason) => unrecognized(expected, `couldn't get version/kind; json parse error: ${reason}`, bytes),
  );
  return { value, facts, duplicates: [] };
}

/** Kinds that every group version knows, such as DeleteOptions. */
const isOptions = ({ kind }: GroupVersionKind): boolean => kind.endsWith('Options');

function decodeKnown(document: Document, actual: GroupVersionKind, expected: GroupVersionKind): Decoded {
  const fail = (reason: string): StatusError => cannotHandle(actual, expected, reason);
  const goType = goTypeOf(actual);
  if (goType === undefined) {
    const version = JSON.stringify(groupVersionText(actual));
    throw fail(
      `no kind ${JSON.stringify(actual.kind)} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const { object, problems } = inContext(() => decodeBuiltIn(goType, document.value, document.facts), fail);
  checkType(actual, expected, goType, fail);
  return { object: withType(object, actual), strictErrors: [...document.duplicates, ...problems] };
}

function checkType(
  actual: GroupVersionKind,
  expected: GroupVersionKind,
  goType: string,
  fail: (reason: string) => StatusError,
): void {
  if (isOptions(expected) || goType === goTypeOf(expected)) return;
  if (actual.kind !== expected.kind) throw fail(unknownConversion(actual, expected));
  throw versionMismatch(actual, expected);
}

function withType(object: ObjectValue, { group, version, kind }: GroupVersionKind): ObjectValue {
  object['kind'] = kind;
  object['apiVersion'] = groupVersionText({ group, version });
  return object;
}

/** Custom resources have no Go type; only their metadata is checked here. */
function decodeCustom(document: Document, expected: GroupVersionKind, bytes: Uint8Array): Decoded {
  const { value, facts, duplicates } = document;
  const { apiVersion, kind } = isObject(value) ? readTypeMeta(value) : { apiVersion: '', kind: '' };
  if (!isObject(value) || kind === '') {
    const shown = bytes.length > 0 ? Buffer.from(bytes).toString('utf8') : writeJson(value);
    throw unrecognized(expected, `Object 'Kind' is missing in '${shown}'`, bytes);
  }
  const actual = typeOfBody({ apiVersion, kind }, expected);
  const fail = (reason: string): StatusError => cannotHandle(actual, expected, reason);
  const meta = inContext(() => decodeObjectMeta(value['metadata'] ?? null, 'metadata', facts), fail);
  // A patched object has no body: its type is validated with the rest of it.
  const isBody = bytes.length > 0;
  if (isBody && groupVersionText(actual) !== groupVersionText(expected)) throw versionMismatch(actual, expected);
  const object: ObjectValue = { ...value };
  if (value['metadata'] !== undefined && value['metadata'] !== null) object['metadata'] = meta.metadata;
  const repeated = (facts?.duplicates ?? []).map((path) => `duplicate field ${JSON.stringify(path)}`);
  return { object, strictErrors: [...duplicates, ...repeated, ...meta.problems] };
}

/** Infinity stands for a number that no float holds; custom resources keep floats. */
function checkFloats(value: Value): void {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
    throw badRequest('json: cannot unmarshal number into Go value of type float64');
  if (typeof value !== 'object' || value === null) return;
  for (const item of Object.values(value)) checkFloats(item);
}

/** A protobuf body as JSON. Its kind stands on the envelope. */
function readProtobuf({ bytes, expected }: DecodeInput): Document {
  const envelope = inContext(
    () => openProtobuf(bytes),
    (reason) => unrecognized(expected, reason, bytes),
  );
  const actual = typeOfBody(envelope, expected);
  const goType = goTypeOf(actual);
  const value = inContext(
    () => (goType === undefined ? {} : messageDecoder(goType)(new ProtobufReader(envelope.raw))),
    (reason) => cannotHandle(actual, expected, reason),
  );
  const object = isObject(value) ? value : {};
  return { value: withType(object, actual), duplicates: [] };
}

function decode(input: DecodeInput): Decoded {
  const { bytes, mediaType, expected, custom } = input;
  const isProtobuf = mediaType === 'application/vnd.kubernetes.protobuf';
  const document = isProtobuf ? readProtobuf(input) : readDocument(input);
  if (custom) {
    if (document.facts !== undefined) checkFloats(document.value);
    return onlyIfAsked(decodeCustom(document, expected, bytes), input);
  }
  const actual = inContext(
    () => typeOfBody(readTypeMeta(document.value), expected),
    (reason) => unrecognized(expected, withParseError(reason), bytes),
  );
  return onlyIfAsked(decodeKnown(document, actual, expected), input);
}

const withParseError = (reason: string): string =>
  reason.startsWith('json: ') ? `couldn't get version/kind; json parse error: ${reason}` : reason;

const onlyIfAsked = (decoded: Decoded, { fieldValidation }: Expectation): Decoded =>
  fieldValidation === 'Ignore' ? { object: decoded.object, strictErrors: [] } : decoded;

/** Decodes a value that is in memory already, such as a patched object, as decoding its JSON would. */
export function decodeValue(value: Value, facts: DocumentFacts | undefined, expectation: Expectation): Decoded {
  const { expected, custom } = expectation;
  const document: Document = { value, facts, duplicates: [] };
  const decoded = custom
    ? decodeCustom(document, expected, new Uint8Array())
    : decodeKnown(document, typeOfBody(readTypeMeta(value), expected), expected);
  return onlyIfAsked(decoded, expectation);
}

/** Reads bodies as Kubernetes does: JSON, YAML and protobuf. */
export const objectCodec: Codec = {
  decode,
  normalise: (object, expectation) => decodeValue(object, undefined, expectation),
};
