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

const billion = 1_000_000_000n;
const int64 = 2n ** 63n;

/** A value times a power of ten: how Kubernetes keeps quantities that fit. Others are never integers to expressions. */
interface Scaled {
  readonly value: bigint;
  readonly scale: number;
}

const inRange = (value: bigint): boolean => value >= -int64 && value < int64;

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryExponents: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** The scaled form, if Kubernetes takes its short way: at most 18 digits, and no fraction of a binary unit. */
function scaledForm(text: string): Scaled | undefined {
  const [, sign = '', whole = '', fraction = '', suffix = ''] =
    /^([+-]?)0*(\d*)(?:\.(\d*))?([a-zA-Z]?[-+]?\d*i?)$/.exec(text) ?? [];
  const digits = whole === '' ? '0' : whole;
  const signed = (value: bigint): bigint => (sign === '-' ? -value : value);
  const binary = binaryExponents[suffix];
  if (binary !== undefined) {
    if (fraction !== '' || 14 - digits.length - Math.trunc(binary * 0.3) < 0) return undefined;
    return { value: signed(BigInt(digits) << BigInt(binary)), scale: 0 };
  }
  const exponent = decimalExponents[suffix] ?? Number(/^[eE]([+-]?\d+)$/.exec(suffix)?.[1] ?? Number.NaN);
  const scale = exponent - fraction.length;
  if (digits.length + fraction.length > 18 || Number.isNaN(scale) || scale < -9) return undefined;
  return { value: signed(BigInt(digits + fraction)), scale };
}

function addScaled(a: Scaled | undefined, b: Scaled | undefined, sign: 1n | -1n): Scaled | undefined {
  if (!a || !b) return undefined;
  if (a.value === 0n) return { value: sign * b.value, scale: b.scale };
  if (b.value === 0n) return a;
  const scale = Math.min(a.scale, b.scale);
  const [left, right] = [a, b].map(({ value, scale: own }) => value * 10n ** BigInt(own - scale));
  if (left === undefined || right === undefined || !inRange(left) || !inRange(right)) return undefined;
  const value = left + sign * right;
  return inRange(value) ? { value, scale } : undefined;
}

/** A quantity in an expression. */
class Amount implements Opaque {
  readonly opaque = 'kubernetes.Quantity';
  readonly quantity: Quantity;
  readonly scaled: Scaled | undefined;

  constructor(quantity: Quantity, scaled: Scaled | undefined) {
    this.quantity = quantity;
    this.scaled = scaled;
  }

  equals(other: Opaque): boolean {
    return other instanceof Amount && other.quantity.nano === this.quantity.nano;
  }

  toString(): string {
    return formatQuantity(this.quantity);
  }

  /** As `Quantity.AsInt64`: undefined where it gives up. */
  get integer(): bigint | undefined {
    if (!this.scaled || this.scaled.scale < 0) return undefined;
    const value = this.scaled.value * 10n ** BigInt(this.scaled.scale);
    return inRange(value) ? value : undefined;
  }
}

function parse(text: string): CelValue {
  try {
    return new Amount(parseQuantity(text), scaledForm(text));
  } catch (error) {
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

const zero = new Amount({ nano: 0n, format: 'DecimalSI' }, { value: 0n, scale: 0 });

function amount(value: CelValue | undefined): Amount {
  if (value instanceof Amount) return value;
  if (typeof value !== 'bigint') return zero;
  return new Amount({ nano: value * billion, format: 'DecimalSI' }, { value, scale: 0 });
}

const unary =
  (call: (quantity: Amount) => CelValue): Implementation =>
  (value) =>
    call(amount(value));

const binary =
  (call: (a: Amount, b: Amount) => CelValue): Implementation =>
  (a, b) =>
    call(amount(a), amount(b));

const compared = (result: (order: number) => CelValue): Implementation =>
  binary((a, b) => result(compareQuantities(a.quantity, b.quantity)));

const add = binary((a, b) => new Amount(addQuantities(a.quantity, b.quantity), addScaled(a.scaled, b.scaled, 1n)));
const subtract = binary(
  (a, b) => new Amount(subtractQuantities(a.quantity, b.quantity), addScaled(a.scaled, b.scaled, -1n)),
);

const sign = ({ quantity: { nano } }: Amount): CelValue => (nano > 0n ? 1n : nano < 0n ? -1n : 0n);

const asText = (value: CelValue | undefined): string => (typeof value === 'string' ? value : '');

/** Kubernetes' quantity functions. */
export const quantityLibrary: Library = [
  ['quantity(string): Quantity', (text) => parse(asText(text))],
  ['isQuantity(string): bool', (text) => isQuantity(asText(text))],
  ['sign(Quantity): int', unary(sign)],
  ['Quantity.isLessThan(Quantity): bool', compared((order) => order < 0)],
  ['Quantity.isGreaterThan(Quantity): bool', compared((order) => order > 0)],
  ['Quantity.compareTo(Quantity): int', compared((order) => BigInt(order))],
  ['Quantity.asInteger(): int', unary(({ integer }) => integer ?? new Failure('cannot convert value to integer'))],
  ['Quantity.isInteger(): bool', unary(({ integer }) => integer !== undefined)],
  ['Quantity.asApproximateFloat(): double', unary(({ quantity }) => Number(quantity.nano) / 1e9)],
  ['Quantity.add(Quantity): Quantity', add],
  ['Quantity.add(int): Quantity', add],
  ['Quantity.sub(Quantity): Quantity', subtract],
  ['Quantity.sub(int): Quantity', subtract],
];
