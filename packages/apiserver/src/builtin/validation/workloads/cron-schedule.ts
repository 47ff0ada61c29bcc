interface Field {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: ['', ...months] },
  { low: 0, high: 6, names: days },
];
const shorthands = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
const duration = /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/;

/** What is wrong with a cron schedule of five fields; undefined if nothing is. */
export function scheduleProblem(schedule: string): string | undefined {
  const text = schedule.replace(/^(?:CRON_)?TZ=\S* /, '').trim();
  if (text.startsWith('@every ')) {
    const length = text.slice('@every '.length);
    return duration.test(length)
      ? undefined
      : `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(length)}`;
  }
  if (text.startsWith('@')) return shorthands.has(text) ? undefined : `unrecognized descriptor: ${text}`;
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== fields.length) {
    return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
  }
  for (const [index, field] of fields.entries()) {
    for (const range of (parts[index] ?? '').split(',')) {
      const problem = rangeProblem(range, field);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function rangeProblem(text: string, field: Field): string | undefined {
  const [range = '', step, ...more] = text.split('/');
  const [first = '', second, ...rest] = range.split('-');
  if (more.length > 0) return `too many slashes: ${text}`;
  if (rest.length > 0) return `too many hyphens: ${text}`;
  const isAny = first === '*' || first === '?';
  const low = isAny ? field.low : numberOf(first, field);
  const high =
    isAny || (second === undefined && step !== undefined)
      ? field.high
      : second === undefined
        ? low
        : numberOf(second, field);
  const by = step === undefined ? 1 : numberOf(step, { low: 0, high: 0 });
  for (const [value, given] of [
    [low, first],
    [high, second ?? first],
    [by, step ?? ''],
  ] as const) {
    if (value === undefined)
      return `failed to parse int from ${given}: strconv.Atoi: parsing ${JSON.stringify(given)}: invalid syntax`;
  }
  return boundsProblem(text, field, low ?? 0, high ?? 0, by ?? 0);
}

function boundsProblem(text: string, field: Field, low: number, high: number, by: number): string | undefined {
  if (low < field.low) return `beginning of range (${low}) below minimum (${field.low}): ${text}`;
  if (high > field.high) return `end of range (${high}) above maximum (${field.high}): ${text}`;
  if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${text}`;
  return by === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

function numberOf(text: string, { names = [] }: Field): number | undefined {
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase());
  if (named >= 0) return named;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
