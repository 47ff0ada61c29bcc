import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Value } from '../value.ts';
import { goTypeOf } from './go-types.ts';
import type { GroupVersionKind } from './go-types.ts';
import { objectCodec } from './object-codec.ts';
import { sealProtobuf } from './protobuf-body.ts';
import { encodeMessage } from './protobuf-encoder.ts';

function groupVersionKind({ apiVersion, kind }: Recorded['decoded']): GroupVersionKind {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? { group: '', version: first, kind } : { group: first, version: second, kind };
}

interface Recorded {
  readonly id: string;
  readonly protobuf: string;
  readonly decoded: { readonly apiVersion: string; readonly kind: string; readonly [field: string]: Value };
}

const recordings = gunzipSync(
  readFileSync(new URL('../../../../test/vectors/kube-apiserver/data/protobuf.jsonl.gz', import.meta.url)),
)
  .toString()
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded)
  // Its kind is that of an answer only; no body may be one.
  .filter(({ decoded }) => decoded.kind !== 'PartialObjectMetadata');

test('every recorded protobuf body decodes to what Go makes of it', () => {
  assert.ok(recordings.length > 80);
  for (const { id, protobuf, decoded } of recordings) {
    const { object } = objectCodec.decode({
      bytes: Buffer.from(protobuf, 'base64'),
      mediaType: 'application/vnd.kubernetes.protobuf',
      expected: groupVersionKind(decoded),
      custom: false,
      fieldValidation: 'Ignore',
    });
    assert.deepEqual(object, decoded, id);
  }
});

test('what was decoded encodes to the same bytes again', () => {
  for (const { id, protobuf, decoded } of recordings) {
    const goType = goTypeOf(groupVersionKind(decoded));
    assert.ok(goType !== undefined, id);
    const raw = encodeMessage(goType, decoded);
    assert.equal(
      sealProtobuf({ ...decoded, raw }).toString('hex'),
      Buffer.from(protobuf, 'base64').toString('hex'),
      id,
    );
  }
});

test('what is no protobuf, or ends early, is refused', () => {
  const decode = (bytes: Uint8Array): unknown =>
    objectCodec.decode({
      bytes,
      mediaType: 'application/vnd.kubernetes.protobuf',
      expected: { group: '', version: 'v1', kind: 'ConfigMap' },
      custom: false,
      fieldValidation: 'Ignore',
    });
  assert.throws(() => decode(Buffer.from('{"a":1}')), /does not appear to be a protobuf message.*\(\{"a":1\}\)/);
  assert.throws(() => decode(Buffer.from([0x6b, 0x38, 0x73, 0, 0x12, 9, 1])), /unexpected EOF/);
});
