/** A float as Go's `%v` prints it: shortest digits, an exponent below 1e-4 and from 1e6 on. */
export function goFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** True for what decodes to an int64: a bigint, or a whole number that a double holds exactly. */
export const isInteger = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));

/** A JSON number as Go prints it, integers in full. */
export function numberText(value: number | bigint): string {
  return isInteger(value) ? String(value) : goFloat(value);
}
