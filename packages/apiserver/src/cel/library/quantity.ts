import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  isQuantity,
  parseQuantity,
  subtractQuantities,
  type Quantity,
} from '@reeve/api';
import type { Implementation, Library } from '../functions.ts';
import { Failure, type CelValue, type Opaque } from '../value.ts';
import { int } from './operator.ts';

const billion = 1_000_000_000n;

/** A quantity in an expression. */
class Amount implements Opaque {
  readonly opaque = 'kubernetes.Quantity';
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }

  equals(other: Opaque): boolean {
    return other instanceof Amount && other.quantity.nano === this.quantity.nano;
  }

  toString(): string {
    return formatQuantity(this.quantity);
  }
}

function parse(text: string): CelValue {
  try {
    return new Amount(parseQuantity(text));
  } catch (error) {
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

const whole = (value: bigint): Amount => new Amount({ nano: value * billion, format: 'DecimalSI' });

const amount = (value: CelValue | undefined): Quantity =>
  value instanceof Amount
    ? value.quantity
    : { nano: typeof value === 'bigint' ? value * billion : 0n, format: 'DecimalSI' };

const asInteger = ({ nano }: Quantity): CelValue =>
  nano % billion === 0n ? int(nano / billion) : new Failure('cannot convert value to integer');

const unary =
  (call: (quantity: Quantity) => CelValue): Implementation =>
  (value) =>
    call(amount(value));

const binary =
  (call: (a: Quantity, b: Quantity) => CelValue): Implementation =>
  (a, b) =>
    call(amount(a), amount(b));

const add = binary((a, b) => new Amount(addQuantities(a, b)));
const subtract = binary((a, b) => new Amount(subtractQuantities(a, b)));

const asText = (value: CelValue | undefined): string => (typeof value === 'string' ? value : '');

/** Kubernetes' quantity functions. */
export const quantityLibrary: Library = [
  ['quantity(string): Quantity', (text) => parse(asText(text))],
  ['isQuantity(string): bool', (text) => isQuantity(asText(text))],
  ['sign(Quantity): int', unary(({ nano }) => (nano > 0n ? 1n : nano < 0n ? -1n : 0n))],
  ['Quantity.isLessThan(Quantity): bool', binary((a, b) => compareQuantities(a, b) < 0)],
  ['Quantity.isGreaterThan(Quantity): bool', binary((a, b) => compareQuantities(a, b) > 0)],
  ['Quantity.compareTo(Quantity): int', binary((a, b) => BigInt(compareQuantities(a, b)))],
  ['Quantity.asInteger(): int', unary(asInteger)],
  ['Quantity.isInteger(): bool', unary((quantity) => !(asInteger(quantity) instanceof Failure))],
  ['Quantity.asApproximateFloat(): double', unary(({ nano }) => Number(nano) / 1e9)],
  ['Quantity.add(Quantity): Quantity', add],
  ['Quantity.add(int): Quantity', (a, b) => add(a ?? null, whole(typeof b === 'bigint' ? b : 0n))],
  ['Quantity.sub(Quantity): Quantity', subtract],
  ['Quantity.sub(int): Quantity', (a, b) => subtract(a ?? null, whole(typeof b === 'bigint' ? b : 0n))],
];
