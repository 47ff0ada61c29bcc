import { celEquals, compare, listContains } from '../equality.ts';
import type { Implementation, Library } from '../functions.ts';
import {
  ArrayList,
  Duration,
  Failure,
  isList,
  isMap,
  itemsOf,
  Optional,
  Timestamp,
  typeNameOf,
  Uint,
  type CelValue,
} from '../value.ts';

const intLimit = 2n ** 63n;
const uintLimit = 2n ** 64n;

/** An int64, or the failure that it is none. */
export function int(value: bigint): CelValue {
  return value >= -intLimit && value < intLimit ? value : new Failure('integer overflow');
}

/** A uint64, or the failure that it is none. */
export function uint(value: bigint): CelValue {
  return value >= 0n && value < uintLimit ? new Uint(value) : new Failure('unsigned integer overflow');
}

function duration(nanos: bigint): CelValue {
  return nanos >= -intLimit && nanos < intLimit ? new Duration(nanos) : new Failure('integer overflow');
}

const minTime = -62_135_596_800_000_000_000n;
const maxTime = 253_402_300_799_999_999_999n;

function timestamp(nanos: bigint): CelValue {
  return nanos >= minTime && nanos <= maxTime ? new Timestamp(nanos) : new Failure('timestamp overflow');
}

/** What a call fails with that has no form for its arguments; named for functions of several forms. */
export const noOverload = (name = ''): Failure =>
  new Failure(name === '' ? 'no such overload' : `no such overload: ${name}`);

/** Arithmetic on two numbers of one type. */
function arithmetic(
  integers: (a: bigint, b: bigint) => bigint | Failure,
  doubles: ((a: number, b: number) => number) | undefined,
): Implementation {
  const bounded = (result: bigint | Failure, bound: (value: bigint) => CelValue): CelValue =>
    result instanceof Failure ? result : bound(result);
  return (a = null, b = null) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return bounded(integers(a, b), int);
    if (typeof a === 'number' && typeof b === 'number' && doubles) return doubles(a, b);
    if (a instanceof Uint && b instanceof Uint) return bounded(integers(a.value, b.value), uint);
    return noOverload();
  };
}

const addNumbers = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);

const add: Implementation = (a = null, b = null) => {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a instanceof Uint)
    return addNumbers(a, b);
  if (isList(a) && isList(b)) return a.plus ? a.plus(b) : new ArrayList([...itemsOf(a), ...itemsOf(b)]);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from([...a, ...b]);
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanos + b.nanos);
  if (a instanceof Duration && b instanceof Timestamp) return timestamp(a.nanos + b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanos + b.nanos);
  return noOverload();
};

const subtractNumbers = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);

const subtract: Implementation = (a = null, b = null) => {
  if (a instanceof Timestamp && b instanceof Timestamp) return duration(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanos - b.nanos);
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanos - b.nanos);
  return subtractNumbers(a, b);
};

const multiply = arithmetic(
  (a, b) => a * b,
  (a, b) => a * b,
);

const divide = arithmetic(
  (a, b) => (b === 0n ? new Failure('division by zero') : a / b),
  (a, b) => a / b,
);

const modulo = arithmetic((a, b) => (b === 0n ? new Failure('modulus by zero') : a % b), undefined);

const negate: Implementation = (a = null) => {
  if (typeof a === 'bigint') return int(-a);
  return typeof a === 'number' ? -a : noOverload();
};

const not: Implementation = (a = null) => (typeof a === 'boolean' ? !a : noOverload());

function ordering(holds: (order: number) => boolean): Implementation {
  return (a = null, b = null) => {
    const order = compare(a, b);
    return order === undefined ? noOverload() : holds(order);
  };
}

const isIn: Implementation = (value = null, range = null) => {
  if (isList(range)) return listContains(range, value);
  return isMap(range) ? range.get(value) !== undefined : noOverload();
};

/** The place in a list that a number of any type means; undefined if it is no whole number. */
function place(key: CelValue): number | undefined {
  if (typeof key === 'bigint') return Number(key);
  if (key instanceof Uint) return Number(key.value);
  return typeof key === 'number' && Number.isInteger(key) ? key : undefined;
}

/** A key or index in errors. */
const keyShown = (key: CelValue): string => (key instanceof Uint ? String(key.value) : String(key));

/** What a list, map or optional holds at a key; undefined if nothing. */
export function lookup(operand: CelValue, key: CelValue): CelValue | undefined {
  if (operand instanceof Optional) return operand.value === undefined ? undefined : lookup(operand.value, key);
  if (isMap(operand)) return operand.get(key);
  if (!isList(operand)) return noOverload();
  const position = place(key);
  if (position === undefined) return new Failure(`unsupported index type '${typeNameOf(key)}' in list`);
  return position >= 0 && position < operand.size ? operand.at(position) : undefined;
}

const index: Implementation = (operand = null, key = null) => {
  if (operand instanceof Optional) return optionalIndex(operand, key);
  const found = lookup(operand, key);
  if (found !== undefined) return found;
  return new Failure(isList(operand) ? `index out of bounds: ${keyShown(key)}` : `no such key: ${keyShown(key)}`);
};

const optionalIndex: Implementation = (operand = null, key = null) => {
  const found = lookup(operand, key);
  return found instanceof Failure ? found : new Optional(found);
};

const numbers = ['int', 'uint', 'double'] as const;
const ordered = ['bool', ...numbers, 'string', 'bytes', 'timestamp', 'duration'] as const;

function forms(name: string, types: readonly (readonly [string, string, string])[], call: Implementation): Library {
  return types.map(([a, b, result]) => [`${name}(${a}, ${b}): ${result}`, call]);
}

const same = (types: readonly string[]): (readonly [string, string, string])[] =>
  types.map((type) => [type, type, type]);

function comparisons(name: string, call: Implementation): Library {
  const across = numbers.flatMap((a) => numbers.filter((b) => b !== a).map((b) => [a, b, 'bool'] as const));
  const alike = ordered.map((type) => [type, type, 'bool'] as const);
  return forms(name, [...alike, ...across], call);
}

/** Operators but for `&&`, `||` and `?:`, which the evaluator knows. */
export const operatorLibrary: Library = [
  ['_&&_(bool, bool): bool', () => true],
  ['_||_(bool, bool): bool', () => true],
  ['_?_:_(bool, A, A): A', () => null],
  ['_==_(A, A): bool', (a = null, b = null) => celEquals(a, b)],
  ['_!=_(A, A): bool', (a = null, b = null) => !celEquals(a, b)],
  ['!_(bool): bool', not],
  ['-_(int): int', negate],
  ['-_(double): double', negate],
  ...forms(
    '_+_',
    [
      ...same(['int', 'uint', 'double', 'string', 'bytes', 'list<A>', 'duration']),
      ['timestamp', 'duration', 'timestamp'],
      ['duration', 'timestamp', 'timestamp'],
    ],
    add,
  ),
  ...forms(
    '_-_',
    [
      ...same(['int', 'uint', 'double', 'duration']),
      ['timestamp', 'timestamp', 'duration'],
      ['timestamp', 'duration', 'timestamp'],
    ],
    subtract,
  ),
  ...forms('_*_', same(numbers), multiply),
  ...forms('_/_', same(numbers), divide),
  ...forms('_%_', same(['int', 'uint']), modulo),
  ...comparisons(
    '_<_',
    ordering((order) => order < 0),
  ),
  ...comparisons(
    '_<=_',
    ordering((order) => order <= 0),
  ),
  ...comparisons(
    '_>_',
    ordering((order) => order > 0),
  ),
  ...comparisons(
    '_>=_',
    ordering((order) => order >= 0),
  ),
  ['@in(A, list<A>): bool', isIn],
  ['@in(A, map<A, B>): bool', isIn],
  ['_[_](list<A>, int): A', index],
  ['_[_](map<A, B>, A): B', index],
  ['_[_](optional<list<A>>, int): optional<A>', index],
  ['_[_](optional<map<A, B>>, A): optional<B>', index],
  ['_[?_](list<A>, int): optional<A>', optionalIndex],
  ['_[?_](map<A, B>, A): optional<B>', optionalIndex],
  ['_[?_](optional<list<A>>, int): optional<A>', optionalIndex],
  ['_[?_](optional<map<A, B>>, A): optional<B>', optionalIndex],
];
