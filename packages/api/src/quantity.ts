import { InputError } from './input-error.ts';

/** How a quantity is written: `1k`, `1Ki` or `1e3`. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** An exact amount, in billionths: no quantity is finer than that (finer ones are rounded up). */
export interface Quantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
  /** Set if it was read from a text that is kept as it is. */
  readonly text?: string;
}

const BILLION = 1_000_000_000n;
/** Binary amounts are capped at the largest int64. */
const LARGEST_BINARY = (2n ** 63n - 1n) * BILLION;
const DECIMAL_SUFFIXES: readonly string[] = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Beyond this an exponent is taken for nonsense rather than computed. */
const LARGEST_EXPONENT = 400;
const SHAPE = /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const WRONG_SHAPE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
/** Whole numbers of at most nine digits, which most quantities are, need no arithmetic. */
const PLAIN_DECIMAL = /^[1-9]\d{0,8}[mkMGTPE]?$/;
const PLAIN_BINARY = /^([1-9]\d{0,5})[KMGTP]i$/;

const fail = (message: string): InputError => new InputError('InvalidQuantity', message);

interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

function readSuffix(text: string): Suffix | undefined {
  const decimal = DECIMAL_SUFFIXES.indexOf(text);
  if (decimal >= 0) return { base: 10, exponent: (decimal - 3) * 3, format: 'DecimalSI' };
  const binary = BINARY_SUFFIXES.indexOf(text);
  if (binary >= 0) return { base: 2, exponent: binary * 10, format: 'BinarySI' };
  const exponent = /^[eE]([+-]?\d+)$/.exec(text)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > LARGEST_EXPONENT) return undefined;
  return { base: 10, exponent: Number(exponent), format: 'DecimalExponent' };
}

/** Divides away from zero, as amounts are rounded up: who asks for a little gets a little. */
const divideUp = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by;

function scaled(digits: string, fraction: string, suffix: Suffix): bigint {
  const amount = BigInt(digits + fraction);
  const tens = 9 - fraction.length + (suffix.base === 10 ? suffix.exponent : 0);
  const shifted = suffix.base === 2 ? amount << BigInt(suffix.exponent) : amount;
  return tens >= 0 ? shifted * 10n ** BigInt(tens) : divideUp(shifted, 10n ** BigInt(-tens));
}

/** True where Kubernetes keeps the text as given instead of writing it anew. */
function isKept(digits: string, fraction: string, suffix: Suffix): boolean {
  if (suffix.format === 'BinarySI') {
    const isExact = fraction === '' && 15 - digits.length - Math.trunc(suffix.exponent * 0.3) - 1 >= 0;
    return isExact && (BigInt(digits) & 7n) !== 0n;
  }
  const scale = suffix.exponent - fraction.length;
  const shifted = digits + fraction;
  const isExact = shifted.length <= 18 && scale >= -9 && scale % 3 === 0;
  return isExact && !shifted.endsWith('000') && !shifted.startsWith('0');
}

/** Reads `500m`, `1.5Gi`, `1e3`. Throws an InputError in Kubernetes' words. */
export function parseQuantity(text: string): Quantity {
  const match = SHAPE.exec(text);
  const [, sign = '', digits = '', fraction = '', suffixText = ''] = match ?? [];
  if (match === null || /^[+-]?$/.test(text)) throw fail(WRONG_SHAPE);
  const suffix = readSuffix(suffixText);
  if (suffix === undefined) throw fail("unable to parse quantity's suffix");
  const whole = digits === '' ? '0' : digits;
  const size = scaled(whole, fraction, suffix);
  const capped = suffix.format === 'BinarySI' && size > LARGEST_BINARY ? LARGEST_BINARY : size;
  const nano = sign === '-' ? -capped : capped;
  const format = suffix.format === 'BinarySI' && capped < BILLION ? 'DecimalSI' : suffix.format;
  return isKept(whole, fraction, suffix) ? { nano, format, text } : { nano, format };
}

/** True if the text is a quantity. */
export function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

function formatBinary(whole: bigint): string {
  let rest = whole;
  let step = 0;
  for (; step < BINARY_SUFFIXES.length - 1 && rest % 1024n === 0n; step++) rest /= 1024n;
  return `${rest}${BINARY_SUFFIXES[step] ?? ''}`;
}

function formatDecimal(nano: bigint, format: QuantityFormat): string {
  let rest = nano;
  let step = 0;
  for (; step < DECIMAL_SUFFIXES.length - 1 && rest % 1000n === 0n; step++) rest /= 1000n;
  const exponent = (step - 3) * 3;
  if (format === 'DecimalExponent') return exponent === 0 ? `${rest}` : `${rest}e${exponent}`;
  return `${rest}${DECIMAL_SUFFIXES[step] ?? ''}`;
}

/** Writes a quantity in its canonical form: no fraction, the largest suffix that keeps it exact. */
export function formatQuantity(quantity: Quantity): string {
  const { nano, format } = quantity;
  if (quantity.text !== undefined) return quantity.text;
  if (nano === 0n) return '0';
  const size = nano < 0n ? -nano : nano;
  const isBinary = format === 'BinarySI' && size >= 1024n * BILLION && nano % BILLION === 0n;
  return isBinary ? formatBinary(nano / BILLION) : formatDecimal(nano, format === 'BinarySI' ? 'DecimalSI' : format);
}

/** The form in which Kubernetes stores a quantity's text. Throws an InputError if it is none. */
export function canonicalQuantity(text: string): string {
  if (PLAIN_DECIMAL.test(text) && !/000[mkMGTPE]?$/.test(text)) return text;
  const binary = PLAIN_BINARY.exec(text)?.[1];
  if (binary !== undefined && (Number(binary) & 7) !== 0) return text;
  return formatQuantity(parseQuantity(text));
}

/** Negative, zero or positive, as the first quantity is less than, equal to or more than the second. */
export function compareQuantities(left: string | Quantity, right: string | Quantity): number {
  const a = (typeof left === 'string' ? parseQuantity(left) : left).nano;
  const b = (typeof right === 'string' ? parseQuantity(right) : right).nano;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The sum, in the format of the first unless that is zero. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  return { nano: left.nano + right.nano, format: left.nano === 0n ? right.format : left.format };
}

/** The difference, in the format of the first unless that is zero. */
export function subtractQuantities(left: Quantity, right: Quantity): Quantity {
  return { nano: left.nano - right.nano, format: left.nano === 0n ? right.format : left.format };
}

/** The whole number at or above the quantity, as `Quantity.Value()` gives it. */
export function quantityValue(quantity: string | Quantity): number {
  const { nano } = typeof quantity === 'string' ? parseQuantity(quantity) : quantity;
  return Number(nano >= 0n ? divideUp(nano, BILLION) : -divideUp(-nano, BILLION));
}

/** Thousandths at or above the quantity, as `Quantity.MilliValue()` gives them. */
export function quantityMilliValue(quantity: string | Quantity): number {
  const { nano } = typeof quantity === 'string' ? parseQuantity(quantity) : quantity;
  return Number(nano >= 0n ? divideUp(nano, 1_000_000n) : -divideUp(-nano, 1_000_000n));
}
