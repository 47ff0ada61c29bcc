import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectCodec } from './object-codec.ts';
import { strictDecodingText } from './strict-errors.ts';

function decode(text: string, mediaType = 'application/json', custom = false): ReturnType<typeof objectCodec.decode> {
  return objectCodec.decode({
    bytes: Buffer.from(text),
    mediaType,
    expected: custom
      ? { group: 'example.com', version: 'v1', kind: 'Widget' }
      : { group: '', version: 'v1', kind: 'ConfigMap' },
    custom,
    fieldValidation: 'Strict',
  });
}

const refusals: readonly (readonly [string, string])[] = [
  [
    '',
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
  ],
  [
    'hello',
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'h' looking for beginning of value (68656c6c6f)",
  ],
  [
    '{"apiVersion":"a/b/c"}',
    'the object provided is unrecognized (must be of type ConfigMap): unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c"})',
  ],
  [
    '{"kind":"Nothing"}',
    'Nothing in version "v1" cannot be handled as a ConfigMap: no kind "Nothing" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  ],
  [
    '{"kind":"Secret"}',
    'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
  ],
  [
    '{"data":{"a":1}}',
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ],
];

test('a body that cannot be taken is refused in the words of the real server', () => {
  for (const [text, message] of refusals) assert.throws(() => decode(text), { message });
});

test('a body may leave out what it is', () => {
  assert.deepEqual(decode('{"data":{"a":"1"}}').object, {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: {},
    data: { a: '1' },
  });
});

test('YAML tells repeated keys before unknown fields', () => {
  const { strictErrors } = decode('foo: 1\ndata:\n  a: "1"\n  a: "2"\n', 'application/yaml');
  assert.deepEqual(strictErrors, ['line 4: key "a" already set in map', 'unknown field "foo"']);
  assert.equal(
    strictDecodingText(strictErrors),
    'strict decoding error: yaml: unmarshal errors:\n  line 4: key "a" already set in map, unknown field "foo"',
  );
});

test('custom resources keep everything but bad metadata', () => {
  const start = '{"apiVersion":"example.com/v1","kind":"Widget","metadata":';
  const { object, strictErrors } = decode(`${start}{"name":"a","foo":1},"spec":{"x":1.5,"x":null}}`, undefined, true);
  assert.deepEqual(object['spec'], { x: null });
  assert.deepEqual(strictErrors, ['duplicate field "spec.x"', 'unknown field "metadata.foo"']);
  assert.throws(() => decode(`${start}{"labels":{"a":1}}}`, undefined, true), /ObjectMeta\.labels of type string/);
  assert.throws(() => decode('{"metadata":{}}', undefined, true), /Object 'Kind' is missing/);
  assert.throws(
    () => decode('{"apiVersion":"example.com/v2","kind":"Widget"}', undefined, true),
    /API version in the data \(example.com\/v2\) does not match the expected API version \(example.com\/v1\)/,
  );
});
