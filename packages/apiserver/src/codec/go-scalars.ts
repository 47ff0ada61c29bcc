import { badRequest } from '../status-error.ts';
import { canonicalBase64 } from './base64.ts';
import type { GoCodec } from './go-codec.ts';
import { NumberLiteral } from './number-literal.ts';

/** A string, or a named type of strings, which errors call by its name. */
export function stringCodec(name: string): GoCodec {
  return {
    name,
    decode(value, state) {
      if (typeof value === 'string') return value;
      if (value === null) return undefined;
      throw state.typeError(value, name);
    },
    zero: () => '',
    isEmpty: (value) => value === '',
  };
}

/** `bool`. */
export const boolCodec: GoCodec = {
  name: 'bool',
  decode(value, state) {
    if (typeof value === 'boolean') return value;
    if (value === null) return undefined;
    throw state.typeError(value, 'bool');
  },
  zero: () => false,
  isEmpty: (value) => value === false,
};

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** `int32` or `int64`: whole numbers written without fraction or exponent. */
export function integerCodec(name: 'int32' | 'int64'): GoCodec {
  const fits = (value: number): boolean =>
    Number.isInteger(value) && (name === 'int64' || (value <= INT32_MAX && value >= INT32_MIN));
  return {
    name,
    decode(value, state) {
      if (typeof value === 'number' && fits(value)) return value;
      if (typeof value === 'bigint' && name === 'int64') return value;
      if (value === null) return undefined;
      throw state.typeError(value, name);
    },
    zero: () => 0,
    isEmpty: (value) => value === 0,
  };
}

/** `float64`: any number. */
export const floatCodec: GoCodec = {
  name: 'float64',
  decode(value, state) {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    if (value === null) return undefined;
    if (value instanceof NumberLiteral && Number.isFinite(value.toNumber())) return value.toNumber();
    throw state.typeError(value, 'float64');
  },
  zero: () => 0,
  isEmpty: (value) => value === 0,
};

/** `[]byte`, in base64. */
export const bytesCodec: GoCodec = {
  name: '[]uint8',
  decode(value, state) {
    if (value === null) return undefined;
    if (typeof value !== 'string') throw state.typeError(value, '[]uint8');
    const canonical = canonicalBase64(value);
    if (typeof canonical === 'string') return canonical;
    throw badRequest(`illegal base64 data at input byte ${canonical.brokenAt}`);
  },
  zero: () => null,
  isEmpty: (value) => value === '',
};
