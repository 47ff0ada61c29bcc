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
  Uint,
  type CelValue,
} from '../value.ts';

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (typeof value !== 'object') return false;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanos === 0n;
  // The zero time of Go is the year 1.
  if (value instanceof Timestamp) return value.nanos === -62_135_596_800_000_000_000n;
  if (value instanceof Uint8Array) return value.length === 0;
  return (isList(value) || isMap(value)) && value.size === 0;
}

const contained = (value: CelValue | undefined): CelValue | undefined =>
  value instanceof Optional ? value.value : undefined;

const unwrap: Implementation = (list = null) => {
  const present = isList(list) ? itemsOf(list).map(contained) : [];
  return new ArrayList(present.filter((value) => value !== undefined));
};

/** cel-go's optional values. */
export const optionalLibrary: Library = [
  ['optional.of(A): optional<A>', (value) => new Optional(value)],
  ['optional.none(): optional<A>', () => new Optional(undefined)],
  ['optional.ofNonZeroValue(A): optional<A>', (value = null) => new Optional(isZero(value) ? undefined : value)],
  ['optional.unwrap(list<optional<A>>): list<A>', unwrap],
  ['list<optional<A>>.unwrapOpt(): list<A>', unwrap],
  ['optional<A>.hasValue(): bool', (value) => contained(value) !== undefined],
  ['optional<A>.value(): A', (value) => contained(value) ?? new Failure('optional.none() dereference')],
  [
    'optional<A>.or(optional<A>): optional<A>',
    (value = null, other = null) => (contained(value) === undefined ? other : value),
  ],
  ['optional<A>.orValue(A): A', (value, other = null) => contained(value) ?? other],
];
