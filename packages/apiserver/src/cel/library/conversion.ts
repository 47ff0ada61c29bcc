import { parseDuration } from '../duration.ts';
import type { Implementation, Library } from '../functions.ts';
import { goFloat } from '../number-text.ts';
import { formatTimestamp, parseTimestamp } from '../timestamp.ts';
import { Duration, Failure, isOpaque, Timestamp, TypeValue, typeNameOf, Uint, type CelValue } from '../value.ts';
import { int, noOverload, uint } from './operator.ts';

const failed = (value: CelValue, to: string): Failure =>
  new Failure(`type conversion error from '${typeNameOf(value)}' to '${to}'`);

const toInt: Implementation = (value = null) => {
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint) return int(value.value);
  if (value instanceof Timestamp) return value.nanos / 1_000_000_000n;
  if (value instanceof Duration) return value.nanos;
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) return new Failure('integer overflow');
    return BigInt(Math.trunc(value));
  }
  if (typeof value !== 'string' || !/^[+-]?\d+$/.test(value)) return failed(value, 'int');
  const parsed = int(BigInt(value.replace(/^\+/, '')));
  return parsed instanceof Failure ? failed(value, 'int') : parsed;
};

const toUint: Implementation = (value = null) => {
  if (value instanceof Uint) return value;
  if (typeof value === 'bigint') return uint(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value < 0 || value >= 2 ** 64) return new Failure('unsigned integer overflow');
    return new Uint(BigInt(Math.trunc(value)));
  }
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return failed(value, 'uint');
  const parsed = uint(BigInt(value));
  return parsed instanceof Failure ? failed(value, 'uint') : parsed;
};

const special: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: Number.NaN };

const toDouble: Implementation = (value = null) => {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (typeof value !== 'string') return failed(value, 'double');
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(value) ?? [];
  const named = special[rest.toLowerCase()];
  if (named !== undefined) return sign === '-' ? -named : named;
  return /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(rest) ? Number(value) : failed(value, 'double');
};

const toText: Implementation = (value = null) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return goFloat(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value.nanos);
  if (value instanceof Duration) return secondsText(value.nanos);
  if (value instanceof Uint8Array) return decodeUtf8(value);
  return value !== null && isOpaque(value) ? String(value) : noOverload(`string(${typeNameOf(value)})`);
};

/** Durations become seconds: `90s`, `1.5s`. */
function secondsText(nanos: bigint): string {
  const absolute = nanos < 0n ? -nanos : nanos;
  const fraction = String(absolute % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${absolute / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`;
}

function decodeUtf8(bytes: Uint8Array): CelValue {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new Failure('invalid UTF-8 in bytes, cannot convert to string');
  }
}

const truths: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};

const toBool: Implementation = (value = null) => {
  if (typeof value === 'boolean') return value;
  const meant = typeof value === 'string' ? truths[value] : undefined;
  return meant ?? failed(value, 'bool');
};

const toBytes: Implementation = (value = null) => {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? new TextEncoder().encode(value) : failed(value, 'bytes');
};

const toTimestamp: Implementation = (value = null) => {
  if (value instanceof Timestamp) return value;
  if (typeof value === 'bigint') return new Timestamp(value * 1_000_000_000n);
  const nanos = typeof value === 'string' ? parseTimestamp(value) : undefined;
  return nanos === undefined ? failed(value, 'google.protobuf.Timestamp') : new Timestamp(nanos);
};

const toDuration: Implementation = (value = null) => {
  if (value instanceof Duration) return value;
  if (typeof value === 'bigint') return new Duration(value * 1_000_000_000n);
  const nanos = typeof value === 'string' ? parseDuration(value) : undefined;
  return nanos === undefined ? failed(value, 'google.protobuf.Duration') : new Duration(nanos);
};

function conversions(name: string, from: readonly string[], call: Implementation): Library {
  return from.map((type) => [`${name}(${type}): ${name}`, call]);
}

/** `int(x)` and its like, `type(x)` and `dyn(x)`. */
export const conversionLibrary: Library = [
  ...conversions('int', ['int', 'uint', 'double', 'string', 'timestamp', 'duration'], toInt),
  ...conversions('uint', ['uint', 'int', 'double', 'string'], toUint),
  ...conversions('double', ['double', 'int', 'uint', 'string'], toDouble),
  ...conversions(
    'string',
    ['string', 'bool', 'int', 'uint', 'double', 'bytes', 'timestamp', 'duration', 'IP', 'CIDR'],
    toText,
  ),
  ...conversions('bool', ['bool', 'string'], toBool),
  ...conversions('bytes', ['bytes', 'string'], toBytes),
  ...conversions('timestamp', ['timestamp', 'int', 'string'], toTimestamp),
  ...conversions('duration', ['duration', 'int', 'string'], toDuration),
  ['type(A): type', (value = null) => new TypeValue(typeNameOf(value))],
  ['dyn(A): dyn', (value = null) => value],
];
