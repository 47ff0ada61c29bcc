const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 time, in nanoseconds since the epoch; undefined if it is none. */
export function parseTimestamp(text: string): bigint | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const seconds = `${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`;
  const millis = Date.parse(seconds);
  if (
    Number.isNaN(millis) ||
    Number(hour) > 23 ||
    Number(year) < 1 ||
    !existingDay(Number(year), Number(month), Number(day))
  )
    return undefined;
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Reads `2024-01-31` as midnight in UTC. */
export function parseDate(text: string): bigint | undefined {
  return parseTimestamp(`${text}T00:00:00Z`);
}

function existingDay(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/** Prints a time as CEL does: RFC 3339 with as many digits as it needs. */
export function formatTimestamp(nanos: bigint): string {
  const billion = 1_000_000_000n;
  const fraction = ((nanos % billion) + billion) % billion;
  const date = new Date(Number((nanos - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  const digits = String(fraction).padStart(9, '0').replace(/0+$/, '');
  return `${date}${digits === '' ? '' : `.${digits}`}Z`;
}
