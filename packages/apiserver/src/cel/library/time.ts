import type { Implementation, Library } from '../functions.ts';
import { Duration, Failure, Timestamp, type CelValue } from '../value.ts';

type Part = (date: Date, nanos: bigint) => number;

const dayMs = 86_400_000;

const parts: Readonly<Record<string, Part>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

/** Whole milliseconds at or before a time, moved into a time zone. */
function localDate(nanos: bigint, zone: string): Date | Failure {
  const millis = Number((nanos - (((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n);
  const offset = zoneOffset(millis, zone);
  return offset instanceof Failure ? offset : new Date(millis + offset);
}

/** Milliseconds to add to UTC: for `+02:00`, or a name such as `Europe/Berlin`. */
function zoneOffset(millis: number, zone: string): number | Failure {
  if (zone === 'UTC' || zone === '') return 0;
  const [, sign, hours, minutes] = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone) ?? [];
  if (hours !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  try {
    const shown = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
      .formatToParts(new Date(millis))
      .find(({ type }) => type === 'timeZoneName')?.value;
    const [, direction, hour, minute = '0'] = /GMT([+-])(\d+)(?::(\d+))?/.exec(shown ?? '') ?? [];
    return hour === undefined ? 0 : (direction === '-' ? -1 : 1) * (Number(hour) * 60 + Number(minute)) * 60_000;
  } catch {
    return new Failure(`unknown time zone ${zone}`);
  }
}

function timePart(part: Part): Implementation {
  return (time, zone) => {
    if (!(time instanceof Timestamp)) return new Failure('no such overload');
    const date = localDate(time.nanos, typeof zone === 'string' ? zone : 'UTC');
    return date instanceof Failure ? date : BigInt(part(date, time.nanos));
  };
}

const durationUnits: Readonly<Record<string, bigint>> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
};

const durationPart =
  (unit: bigint): Implementation =>
  (value): CelValue =>
    value instanceof Duration ? value.nanos / unit : 0n;

/** Parts of times and durations. */
export const timeLibrary: Library = [
  ...Object.entries(parts).flatMap(([name, part]): Library => [
    [`timestamp.${name}(): int`, timePart(part)],
    [`timestamp.${name}(string): int`, timePart(part)],
  ]),
  ...Object.entries(durationUnits).map(([name, unit]): Library[number] => [
    `duration.${name}(): int`,
    durationPart(unit),
  ]),
  ['duration.getMilliseconds(): int', (value) => (value instanceof Duration ? value.nanos / 1_000_000n : 0n)],
];
