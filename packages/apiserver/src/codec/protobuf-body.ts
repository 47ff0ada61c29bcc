import { badRequest } from '../status-error.ts';
import { readFields } from './protobuf-marshalers.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Kubernetes' protobuf bodies are an envelope (`runtime.Unknown`) behind these bytes: `k8s` and a zero. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** The envelope: what the object says it is, and its bytes. */
export interface ProtobufEnvelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Buffer;
}

/** Opens the envelope. Throws a StatusError (400) in the words of Go's serializer. */
export function openProtobuf(bytes: Uint8Array): ProtobufEnvelope {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC))
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  readFields(new ProtobufReader(buffer, MAGIC.length), {
    1: (envelope) =>
      readFields(envelope.message(), {
        1: (m) => (apiVersion = m.text()),
        2: (m) => (kind = m.text()),
      }),
    2: (envelope) => (raw = envelope.bytes()),
  });
  return { apiVersion, kind, raw };
}

/** Puts an object's bytes into the envelope. */
export function sealProtobuf({ apiVersion, kind, raw }: ProtobufEnvelope): Buffer {
  const writer = new ProtobufWriter();
  writer.message(1, (type) => {
    type.text(1, apiVersion);
    type.text(2, kind);
  });
  writer.bytes(2, raw);
  writer.text(3, '');
  writer.text(4, '');
  return Buffer.concat([MAGIC, writer.finish()]);
}
