import { parseAPIVersion } from '@reeve/api';
import type { ObjectValue } from '../value.ts';
import { goTypeOf } from './go-types.ts';
import { sealProtobuf } from './protobuf-body.ts';
import { encodeMessage } from './protobuf-encoder.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** An object, list or Status in its envelope (`runtime.Unknown`); undefined for what has no Go type. */
export function encodeProtobuf(object: ObjectValue): Buffer | undefined {
  const apiVersion = String(object['apiVersion'] ?? '');
  const kind = String(object['kind'] ?? '');
  const type = goTypeOf({ ...parseAPIVersion(apiVersion), kind }) ?? sharedType(kind);
  if (type === undefined) return undefined;
  return sealProtobuf({ apiVersion, kind, raw: encodeMessage(type, object) });
}

/** Types of the meta group, which no single group version holds. */
function sharedType(kind: string): string | undefined {
  const shared = ['Status', 'PartialObjectMetadata', 'PartialObjectMetadataList'];
  return shared.includes(kind) ? `k8s.io/apimachinery/pkg/apis/meta/v1.${kind}` : undefined;
}

/** One event of a watch behind its length, as `;stream=watch` frames it. */
export function frameEvent(type: string, object: ObjectValue): Buffer {
  const event = new ProtobufWriter();
  event.text(1, type);
  event.message(2, (raw) => raw.bytes(1, encodeProtobuf(object) ?? Buffer.alloc(0)));
  const message = event.finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}
