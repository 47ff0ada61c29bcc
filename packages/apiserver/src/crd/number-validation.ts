import { goFloat, isInteger, numberText } from '../cel/number-text.ts';
import { invalidValue, looseError, type ErrorPlace, type SchemaError } from './schema-errors.ts';
import type { Schema } from './schema.ts';

/** True if a schema says anything about numbers beyond their type. */
export function hasNumberKeywords(schema: Schema): boolean {
  const { minimum, maximum, multipleOf, type } = schema;
  return type === 'integer' || type === 'number' || [minimum, maximum, multipleOf].some((limit) => limit !== undefined);
}

/** Range of the type and format, multipleOf, minimum and maximum, in that order and with go-openapi's quirks. */
export function checkNumber(schema: Schema, value: number | bigint, path: string, place: ErrorPlace): SchemaError[] {
  const errors: SchemaError[] = [];
  const range = (what: string, limit: number | bigint): boolean => {
    const problem = rangeProblem(schema, limit);
    if (problem !== undefined) errors.push(looseError(place, `${what} value must be of type ${problem} in ${path}`));
    return problem === undefined;
  };
  range('Checked', value);
  const { multipleOf, minimum, maximum } = schema;
  if (multipleOf !== undefined) {
    const native = range('MultipleOf', multipleOf);
    const problem = multipleProblem(value, multipleOf, native);
    if (problem !== undefined) errors.push(problem(path, place));
  }
  if (minimum !== undefined) {
    const limit = range('Minimum boundary', minimum) ? nativeLimit(value, minimum) : minimum;
    if (schema.exclusiveMinimum ? value <= limit : value < limit)
      errors.push(
        invalidValue(
          place,
          path,
          value,
          `should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${numberText(limit)}`,
        ),
      );
  }
  if (maximum !== undefined) {
    const limit = range('Maximum boundary', maximum) ? nativeLimit(value, maximum) : maximum;
    if (schema.exclusiveMaximum ? value >= limit : value > limit)
      errors.push(
        invalidValue(
          place,
          path,
          value,
          `should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${numberText(limit)}`,
        ),
      );
  }
  return errors;
}

/** An integer is compared with the whole part of a limit. */
function nativeLimit(value: number | bigint, limit: number): number {
  return isInteger(value) ? Math.trunc(limit) : limit;
}

const limits = { int32: 1n << 31n, int64: 1n << 63n };

function rangeProblem({ type, format }: Schema, value: number | bigint): string | undefined {
  if (type !== 'integer')
    return type === 'number' && format === 'float' && Math.abs(Number(value)) > 3.4028234663852886e38
      ? 'number with format float'
      : undefined;
  const limit = format === 'int32' ? limits.int32 : limits.int64;
  const whole = wholeNumber(value);
  if (whole !== undefined && whole >= -limit && whole < limit) return undefined;
  return format === 'int32' || format === 'int64' ? `integer with format ${format}` : 'integer (default format)';
}

/** The integer that a number's shortest digits say (which beyond 2^53 need not be its exact value). */
function wholeNumber(value: number | bigint): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (Number.isSafeInteger(value)) return BigInt(value);
  const text = String(value);
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function multipleProblem(
  value: number | bigint,
  factor: number,
  native: boolean,
): ((path: string, place: ErrorPlace) => SchemaError) | undefined {
  const whole = native && isInteger(value);
  const effective = whole ? Math.trunc(factor) : factor;
  if (effective <= 0)
    return (path, place) => {
      const text = `factor MultipleOf declared for ${path} must be positive: ${numberText(effective)}`;
      const { error } = invalidValue(place, path, effective, '');
      return { text, error: { ...error, message: `Invalid value: ${numberText(effective)}: ${text}` } };
    };
  const fits = whole ? BigInt(value) % BigInt(effective) === 0n : isWhole(quotient(Number(value), effective));
  if (fits) return undefined;
  return (path, place) => invalidValue(place, path, value, `should be a multiple of ${goFloat(effective)}`);
}

const quotient = (value: number, factor: number): number => (factor < 1 ? (1 / factor) * value : value / factor);

/** swag's idea of a whole float: within float64's error of an integer of JSON. */
function isWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const magnitude = Math.abs(value);
  const whole = Math.trunc(magnitude);
  const difference = Math.abs(magnitude - whole);
  if (magnitude === whole) return true;
  if (whole === 0 || difference < Number.MIN_VALUE) return difference < Number.EPSILON * Number.MIN_VALUE;
  return difference / (magnitude + Math.abs(whole)) < 1e-9;
}
