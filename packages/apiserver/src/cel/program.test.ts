import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { declarationOf } from '../crd/schema-declaration.ts';
import { parseSchema } from '../crd/schema.ts';
import { environment } from './environment.ts';
import { toCel } from './json-value.ts';
import { compileProgram } from './program.ts';
import { Failure, type CelValue } from './value.ts';

const declared = declarationOf(
  parseSchema({
    type: 'object',
    properties: {
      count: { type: 'integer' },
      ratio: { type: 'number' },
      text: { type: 'string' },
      numbers: { type: 'array', items: { type: 'integer' } },
      set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      ports: {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string' }, port: { type: 'integer' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      at: { type: 'string', format: 'date-time' },
      'a-b': { type: 'string' },
      for: { type: 'integer' },
      absent: { type: 'string' },
      either: { 'x-kubernetes-int-or-string': true },
    },
  }),
  false,
);
assert.ok(declared);

const self = toCel(
  {
    count: 9007199254740993n,
    ratio: 2,
    text: 'Grüße, World',
    numbers: [3, 1, 2],
    set: ['a', 'b'],
    ports: [
      { name: 'http', port: 80 },
      { name: 'https', port: 443 },
    ],
    labels: { app: 'web', 'tier/x': 'back' },
    at: '2024-02-29T12:30:00Z',
    'a-b': 'dash',
    for: 4,
    either: '50%',
  },
  declared,
);

function run(source: string, costLimit?: number): CelValue {
  const compiled = compileProgram(source, environment({ self: declared?.type ?? { kind: 'dyn' } }));
  assert.ok('program' in compiled, 'error' in compiled ? compiled.error : '');
  return compiled.program.evaluate({ self }, costLimit).value;
}

const holds: Readonly<Record<string, readonly string[]>> = {
  'integers keep 64 bits': [
    'self.count == 9007199254740993',
    'self.count + 1 == 9007199254740994',
    '-7 / 2 == -3',
    '-7 % 2 == -1',
    '9223372036854775807 > 9223372036854775806',
  ],
  'numbers compare across types': [
    '1 < 1.5',
    'dyn(1u) == 1',
    'self.ratio > 1',
    'dyn(1) == 1.0',
    'double(3) / 2.0 == 1.5',
  ],
  'names that are no identifiers are escaped': ['self.a__dash__b == "dash"', 'self.__for__ == 4'],
  'presence is asked with has and with optionals': [
    'has(self.text) && !has(self.absent)',
    'self.?absent.orValue("none") == "none"',
    'self.?text.hasValue()',
    'self.labels[?"app"].orValue("") == "web"',
    '!self.labels[?"nope"].hasValue()',
    'optional.of(1).optMap(x, x + 1).value() == 2',
    '[1, ?optional.none(), 2].size() == 2',
  ],
  'logic absorbs errors of the other side': ['true || 1 / 0 == 1', '1 / 0 == 1 || true', '!(false && 1 / 0 == 1)'],
  'macros walk lists and maps': [
    'self.numbers.all(n, n > 0)',
    'self.numbers.exists_one(n, n == 3)',
    'self.numbers.map(n, n > 1, n * 2) == [6, 4]',
    'self.labels.exists(k, k == "app")',
    'self.numbers.all(i, n, i < 3 && n > 0)',
    'self.labels.transformList(k, v, k + v).size() == 2',
    'self.numbers.transformMap(i, n, n > 1, n) == {0: 3, 2: 2}',
    '["x"].transformMapEntry(i, v, {v: i}) == {"x": 0}',
  ],
  'texts count code points': [
    'self.text.size() == 12',
    'self.text.charAt(2) == "ü"',
    'self.text.substring(7) == "World"',
    'self.text.lastIndexOf("o") == 8',
    '"a,b".split(",") == ["a", "b"]',
    '["a", "b"].join("-") == "a-b"',
    '"Ab".lowerAscii() == "ab"',
    '"aXbX".replace("X", "") == "ab"',
    '" a ".trim() == "a"',
    '"%s is %d and %.2f".format(["x", 3, 1.5]) == "x is 3 and 1.50"',
    'strings.quote("a\\nb") == "\\"a\\\\nb\\""',
  ],
  'lists that are sets or keyed compare without order': [
    'self.set == ["b", "a"]',
    'self.set + ["b", "c"] == ["a", "b", "c"]',
    'self.ports == [self.ports[1], self.ports[0]]',
    'self.numbers != [1, 2, 3]',
  ],
  'the list library': [
    'self.numbers.sum() == 6',
    'self.numbers.min() == 1',
    'self.numbers.indexOf(2) == 2',
    '[1, 2, 2].isSorted()',
    'sets.contains(self.numbers, [1])',
    'sets.equivalent([1, 2], [2, 1, 1])',
    '!sets.intersects([1], [2])',
  ],
  'the regex library speaks RE2': [
    'self.text.matches("^Gr.*d$")',
    '"abc 123".find("[0-9]+") == "123"',
    '"a1 b2".findAll("[a-z][0-9]") == ["a1", "b2"]',
  ],
  'times and spans': [
    'self.at.getFullYear() == 2024',
    'self.at + duration("24h") == timestamp("2024-03-01T12:30:00Z")',
    'self.at.getDayOfWeek("Asia/Tokyo") == 4',
    'duration("1h30m").getMinutes() == 90',
  ],
  'urls, addresses and networks': [
    'url("https://user@h.example:8080/p?q=1").getPort() == "8080"',
    'url("https://h/p?q=1&q=2").getQuery()["q"] == ["1", "2"]',
    '!isURL("../relative path")',
    'ip("10.0.0.1").family() == 4',
    'ip("::1").isLoopback()',
    'cidr("10.0.0.0/8").containsIP("10.1.2.3")',
    'cidr("10.0.0.0/8").prefixLength() == 8',
    'ip.isCanonical("2001:db8::1")',
  ],
  'quantities and versions': [
    'quantity("1Gi").compareTo(quantity("1024Mi")) == 0',
    'quantity("1.5").add(quantity("500m")) == quantity("2")',
    '!isQuantity("1X")',
    'semver("1.2.3").isLessThan(semver("1.10.0"))',
    'semver("v1.2", true).minor() == 2',
  ],
  'named formats say what is wrong': [
    '!format.dns1123Label().validate("a-b").hasValue()',
    'format.dns1123Label().validate("A").hasValue()',
    'format.named("uuid").hasValue() && !format.named("nope").hasValue()',
  ],
  'values have types': ['type(1) == int', 'type(self.either) == string', 'type(type(1)) == type', 'type([]) == list'],
};

describe('expressions', () => {
  for (const [title, sources] of Object.entries(holds))
    test(title, () => {
      for (const source of sources) assert.equal(run(source), true, source);
    });
});

const failures: Readonly<Record<string, string>> = {
  '1 / 0 == 1': 'division by zero',
  '9223372036854775807 + 1 > 0': 'integer overflow',
  'self.numbers[7] == 1': 'index out of bounds: 7',
  'self.labels["nope"] == ""': 'no such key: nope',
  'self.absent == ""': 'no such key: absent',
  'optional.none().value() == 1': 'optional.none() dereference',
  'int(self.text) == 1': "type conversion error from 'string' to 'int'",
};

test('what goes wrong in an evaluation is told in the words of cel-go', () => {
  for (const [source, message] of Object.entries(failures)) {
    const value = run(source);
    assert.ok(value instanceof Failure, source);
    assert.equal(value.message, message, source);
  }
});

test('an evaluation ends when it costs too much', () => {
  const value = run('self.numbers.all(a, self.numbers.all(b, self.numbers.all(c, a + b + c > 0)))', 50);
  assert.ok(value instanceof Failure && value.fatal);
  assert.equal(value.message, 'operation cancelled: actual cost limit exceeded');
});

const mistakes: readonly (readonly [string, string])[] = [
  ['self.nope == 1', "ERROR: <input>:1:5: undefined field 'nope'\n | self.nope == 1\n | ....^"],
  [
    'self.count == "1"',
    `ERROR: <input>:1:12: found no matching overload for '_==_' applied to '(int, string)'\n | self.count == "1"\n | ...........^`,
  ],
  ['other', "ERROR: <input>:1:1: undeclared reference to 'other' (in container '')\n | other\n | ^"],
  [
    'self.text.size(',
    "ERROR: <input>:1:16: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', ')', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | self.text.size(\n | ...............^",
  ],
  ['[1 2]', "ERROR: <input>:1:4: Syntax error: extraneous input '2' expecting {']', ','}\n | [1 2]\n | ...^"],
];

test('what does not compile is told with its place', () => {
  for (const [source, error] of mistakes) {
    const compiled = compileProgram(source, environment({ self: declared.type }));
    assert.ok('error' in compiled, source);
    assert.deepEqual(compiled, { stage: 'compilation', error });
  }
});

test('what is constant and always fails is told when compiling', () => {
  const problems: readonly (readonly [string, string, string])[] = [
    ['duration("x") == duration("1s")', 'compilation', 'invalid duration argument'],
    ['timestamp("soon") < self.at', 'compilation', 'invalid timestamp argument'],
    ['self.text.matches("(")', 'compilation', 'invalid matches argument'],
    ['self.text.find("(") == ""', 'instantiation', 'missing closing \\)'],
    ['int("x") == 1', 'instantiation', 'type conversion error'],
  ];
  for (const [source, stage, error] of problems) {
    const compiled = compileProgram(source, environment({ self: declared.type }));
    assert.ok('error' in compiled, source);
    assert.equal(compiled.stage, stage);
    assert.match(compiled.error, new RegExp(error));
  }
});

test('a program knows which variables it uses', () => {
  const scope = environment({ self: declared.type, oldSelf: declared.type });
  const names = (source: string): string[] => {
    const compiled = compileProgram(source, scope);
    return 'program' in compiled ? [...compiled.program.references].sort() : [];
  };
  assert.deepEqual(names('self.count >= oldSelf.count'), ['oldSelf', 'self']);
  assert.deepEqual(names('[1].all(oldSelf, oldSelf > 0)'), []);
});
