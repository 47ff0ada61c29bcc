import type { WireResponse } from '@reeve/api';
import { encodeProtobuf, frameEvent } from '../codec/protobuf-answer.ts';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import { fromJSONText } from '../store/json-text.ts';
import { isObject } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { WholeBody } from './body.ts';

const mediaType = 'application/vnd.kubernetes.protobuf';

/** A JSON text as protobuf. Throws 406 for what has no Go type. */
export function protobufResponse(status: number, text: string): WireResponse {
  const bytes = encodeProtobuf(fromJSONText(text));
  if (bytes === undefined) {
    throw statusError(
      406,
      'NotAcceptable',
      'only the following media types are accepted: application/json, application/yaml',
    );
  }
  return { status, headers: { 'content-type': mediaType }, body: new WholeBody(bytes) };
}

/** A failed request told in protobuf. */
export function protobufError({ status, headers }: StatusError): WireResponse {
  const response = protobufResponse(status.code ?? 500, JSON.stringify(status));
  return { ...response, headers: { ...response.headers, ...headers } };
}

/** The events of a watch as protobuf frames; `body` has them as lines of JSON, whole lines in every chunk. */
export function protobufWatch(body: AsyncIterable<Uint8Array>): Pick<WireResponse, 'headers' | 'body'> {
  return { headers: { 'content-type': `${mediaType};stream=watch` }, body: frames(body) };
}

async function* frames(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    const lines = Buffer.from(chunk).toString('utf8').split('\n').filter(Boolean);
    yield Buffer.concat(lines.map((line) => frameOf(fromJSONText(line))));
  }
}

function frameOf({ type, object }: ObjectValue): Buffer {
  return frameEvent(String(type), isObject(object) ? object : {});
}
