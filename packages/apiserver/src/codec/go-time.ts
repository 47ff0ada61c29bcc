import { badRequest } from '../status-error.ts';

interface TimeLayout {
  /** As Go writes it. */
  readonly text: string;
  readonly hasMicros: boolean;
}

const SECONDS: TimeLayout = { text: '2006-01-02T15:04:05Z07:00', hasMicros: false };
const MICROS: TimeLayout = { text: '2006-01-02T15:04:05.000000Z07:00', hasMicros: true };

/** The parts of a layout in order: what must match, and how Go names it in an error. */
const DATE_PARTS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d{2}/, '01'],
  [/^-/, '-'],
  [/^\d{2}/, '02'],
  [/^T/, 'T'],
  [/^\d{2}/, '15'],
  [/^:/, ':'],
  [/^\d{2}/, '04'],
  [/^:/, ':'],
  [/^\d{2}/, '05'],
];
const ZONE = /^(?:Z|[+-]\d{2}:\d{2})/;
const FRACTION = /^[.,]\d+/;
const SIX_DIGITS = /^\.\d{6}/;

function cannotParse(text: string, layout: TimeLayout, rest: string, part: string): Error {
  return badRequest(`parsing time ${JSON.stringify(text)} as "${layout.text}": cannot parse "${rest}" as "${part}"`);
}

const outOfRange = (text: string, what: string): Error =>
  badRequest(`parsing time ${JSON.stringify(text)}: ${what} out of range`);

/** Splits a time into date and time, fraction, zone; throws what Go says at the first part that does not match. */
function split(
  text: string,
  layout: TimeLayout,
): { readonly clock: string; readonly fraction: string; readonly zone: string } {
  let rest = text;
  for (const [pattern, part] of DATE_PARTS) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) throw cannotParse(text, layout, rest, part);
    rest = rest.slice(found.length);
  }
  const fraction = (layout.hasMicros ? SIX_DIGITS : FRACTION).exec(rest)?.[0] ?? '';
  if (layout.hasMicros && fraction === '') throw cannotParse(text, layout, rest, '.000000');
  rest = rest.slice(fraction.length);
  const zone = ZONE.exec(rest)?.[0];
  if (zone === undefined) throw cannotParse(text, layout, rest, 'Z07:00');
  if (rest.length > zone.length)
    throw badRequest(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest.slice(zone.length))}`);
  return { clock: text.slice(0, 19), fraction, zone };
}

function checkRanges(text: string, clock: string): void {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = clock.split(/[-T:]/).map(Number);
  if (month < 1 || month > 12) throw outOfRange(text, 'month');
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day < 1 || day > days) throw outOfRange(text, 'day');
  if (hour > 23) throw outOfRange(text, 'hour');
  if (minute > 59) throw outOfRange(text, 'minute');
  if (second > 59) throw outOfRange(text, 'second');
}

const CANONICAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{6})?Z$/;

function canonical(text: string, layout: TimeLayout): string {
  if (CANONICAL.test(text) && layout.hasMicros === text.includes('.')) return text;
  const { clock, fraction, zone } = split(text, layout);
  checkRanges(text, clock);
  const sign = zone.startsWith('-') ? 1 : -1;
  const [hours = 0, minutes = 0] = zone === 'Z' ? [] : zone.slice(1).split(':').map(Number);
  const utc = new Date(Date.parse(`${clock}Z`) + sign * (hours * 60 + minutes) * 60_000).toISOString().slice(0, 19);
  return layout.hasMicros ? `${utc}${fraction}Z` : `${utc}Z`;
}

/** The stored form of a `metav1.Time`: UTC, whole seconds. Throws a StatusError (400) with Go's text. */
export function canonicalTime(text: string): string {
  return canonical(text, SECONDS);
}

/** The stored form of a `metav1.MicroTime`: UTC, exactly six digits. Throws a StatusError (400) with Go's text. */
export function canonicalMicroTime(text: string): string {
  return canonical(text, MICROS);
}
