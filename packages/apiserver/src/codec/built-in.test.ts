import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBuiltIn } from './built-in.ts';
import { goTypeOf } from './go-types.ts';
import { readJson } from './json-reader.ts';
import { readYaml } from './yaml-reader.ts';

function decode(kind: string, group: string, text: string): ReturnType<typeof decodeBuiltIn> {
  const type = goTypeOf({ group, version: 'v1', kind });
  assert.ok(type !== undefined);
  const { value, facts } = readJson(text);
  return decodeBuiltIn(type, value, facts);
}

test('a built-in object is printed as Go prints it', () => {
  const { object } = decode(
    'Deployment',
    'apps',
    '{"kind":"Deployment","metadata":{"creationTimestamp":"2026-01-02T05:04:05.5+02:00"},"spec":{"template":{"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":0.5}}}]}}}}',
  );
  assert.deepEqual(object, {
    kind: 'Deployment',
    metadata: { creationTimestamp: '2026-01-02T03:04:05Z' },
    spec: {
      selector: null,
      strategy: {},
      template: { metadata: {}, spec: { containers: [{ name: 'c', resources: { limits: { cpu: '500m' } } }] } },
    },
    status: {},
  });
});

test('unknown and repeated fields are told in their order, and repeated objects merge', () => {
  const { object, problems } = decode(
    'ConfigMap',
    '',
    '{"foo":1,"metadata":{"bar":1,"name":"a"},"data":{"a":"1","a":"2"},"data":{"b":"3"},"foo":2}',
  );
  assert.deepEqual(problems, [
    'unknown field "foo"',
    'unknown field "metadata.bar"',
    'duplicate field "data.a"',
    'duplicate field "data"',
  ]);
  assert.deepEqual(object['data'], { a: '2', b: '3' });
});

const refusals: readonly (readonly [string, string, string, string])[] = [
  [
    'ConfigMap',
    '',
    '{"data":{"a":1}}',
    'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ],
  [
    'Deployment',
    'apps',
    '{"spec":{"replicas":2.0}}',
    'json: cannot unmarshal number 2.0 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'Deployment',
    'apps',
    '{"spec":{"template":{"spec":{"containers":{}}}}}',
    'json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container',
  ],
  [
    'ConfigMap',
    '',
    '{"metadata":{"labels":[]}}',
    'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
  ],
  ['Secret', '', '{"data":{"a":"not base64"}}', 'illegal base64 data at input byte 3'],
  [
    'ConfigMap',
    '',
    '{"metadata":{"creationTimestamp":"yesterday"}}',
    'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
  ],
];

test('wrong types are refused in the words of Go', () => {
  for (const [kind, group, text, message] of refusals) assert.throws(() => decode(kind, group, text), { message });
});

const broken: readonly (readonly [string, string])[] = [
  ['{', 'unexpected end of JSON input'],
  ['hello', "invalid character 'h' looking for beginning of value"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['[1 2]', "invalid character '2' after array element"],
  ['"\u0001"', String.raw`invalid character '\u0001' in string literal`],
];

test('broken JSON is refused in the words of Go', () => {
  for (const [text, message] of broken) assert.throws(() => readJson(text), { message });
});

test('documents that are too deep or grow by aliases are refused', () => {
  assert.throws(() => readJson('['.repeat(5000)), { message: 'exceeded max depth' });
  const lines = [
    'a: &a [x]',
    ...['b', 'c', 'd', 'e', 'f'].map((name, i) => `${name}: &${name} [${`*${'abcde'[i]},`.repeat(9)}]`),
  ];
  assert.throws(() => readYaml(lines.join('\n')), { message: 'yaml: document contains excessive aliasing' });
});

test('numbers keep what a plain number would lose', () => {
  const { value, facts } = readJson('{"a":9007199254740993,"b":3.0,"c":1e400}');
  assert.deepEqual(value, { a: 9007199254740993n, b: 3, c: Infinity });
  assert.ok(facts !== undefined);
});

test('YAML tells repeated keys by their line', () => {
  const { value, duplicates } = readYaml('a: 1\nb:\n  c: yes\n  c: 0x10\nd: 2024-01-02\ne: 1:30\n');
  assert.deepEqual(value, { a: 1, b: { c: 16 }, d: '2024-01-02', e: '1:30' });
  assert.deepEqual(duplicates, ['line 4: key "c" already set in map']);
});
