import { formatTimestamp } from '../timestamp.ts';
import { typeText, type CelType } from '../type.ts';
import { goFloat } from '../number-text.ts';
import {
  Duration,
  Failure,
  isList,
  isMap,
  itemsOf,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
  type CelValue,
} from '../value.ts';

interface Clause {
  readonly verb: string;
  readonly precision: number | undefined;
}

type Piece = string | Clause;

const verbs = 'sdfexXob';

/** Splits a format text into plain parts and clauses; a text that says what is wrong with it if it is none. */
function parseFormat(format: string): readonly Piece[] | Failure {
  const pieces: Piece[] = [];
  let rest = format;
  while (rest !== '') {
    const percent = rest.indexOf('%');
    if (percent < 0) break;
    if (percent > 0) pieces.push(rest.slice(0, percent));
    rest = rest.slice(percent + 1);
    if (rest === '') return new Failure('unexpected end of string');
    if (rest.startsWith('%')) {
      pieces.push('%');
      rest = rest.slice(1);
      continue;
    }
    const [whole = '', precision] = /^(?:\.(\d+))?/.exec(rest) ?? [];
    const verb = rest[whole.length] ?? '';
    if (verb === '') return new Failure('could not parse formatting clause: unexpected end of string');
    if (!verbs.includes(verb))
      return new Failure(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
    pieces.push({ verb, precision: precision === undefined ? undefined : Number(precision) });
    rest = rest.slice(whole.length + 1);
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

/** `"%d of %s".format([3, "x"])`. */
export function formatText(format: string, args: readonly CelValue[]): CelValue {
  const pieces = parseFormat(format);
  if (pieces instanceof Failure) return pieces;
  let text = '';
  let used = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    const arg = args[used];
    if (arg === undefined) return new Failure(`index ${used} out of range`);
    used += 1;
    const shown = formatClause(piece, arg);
    if (shown instanceof Failure) return shown;
    text += shown;
  }
  return text;
}

/** What a compiler can already say against a format with arguments of these types; `argument` is the one meant. */
export function formatProblem(
  format: string,
  types: readonly CelType[],
): { readonly message: string; readonly argument?: number } | undefined {
  const pieces = parseFormat(format);
  if (pieces instanceof Failure) return pieces;
  let used = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') continue;
    const type = types[used];
    if (type === undefined) return { message: `index ${used} out of range` };
    const wanted = verbTypes[piece.verb];
    if (wanted && type.kind !== 'dyn' && !wanted.types.includes(type.kind)) {
      const message = `error during formatting: ${wanted.name} clause can only be used on ${wanted.on}, was given ${typeText(type)}`;
      return { message, argument: used };
    }
    used += 1;
  }
  if (used >= types.length) return undefined;
  return { message: `too many arguments supplied to string.format (expected ${used}, got ${types.length})` };
}

const integers = ['int', 'uint'] as const;

const verbTypes: Readonly<
  Record<string, { readonly name: string; readonly on: string; readonly types: readonly string[] }>
> = {
  d: { name: 'decimal', on: 'integers', types: integers },
  f: { name: 'fixed-point', on: 'doubles', types: ['double'] },
  e: { name: 'scientific', on: 'doubles', types: ['double'] },
  b: { name: 'binary', on: 'integers and bools', types: [...integers, 'bool'] },
  o: { name: 'octal', on: 'integers', types: integers },
  x: { name: 'hex', on: 'integers, byte buffers, and strings', types: [...integers, 'string', 'bytes'] },
  X: { name: 'hex', on: 'integers, byte buffers, and strings', types: [...integers, 'string', 'bytes'] },
  s: {
    name: 'string',
    on: 'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
    types: [
      ...integers,
      'string',
      'bool',
      'bytes',
      'double',
      'map',
      'list',
      'type',
      'duration',
      'timestamp',
      'null',
      'object',
      'param',
    ],
  },
};

const integer = (value: CelValue): bigint | undefined =>
  typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined;

const wrongType = ({ verb }: Clause, value: CelValue): Failure => {
  const wanted = verbTypes[verb];
  return new Failure(
    `error during formatting: ${wanted?.name ?? verb} clause can only be used on ${wanted?.on ?? 'values'}, was given ${typeNameOf(value)}`,
  );
};

function formatClause(clause: Clause, value: CelValue): string | Failure {
  const whole = integer(value);
  switch (clause.verb) {
    case 's':
      return shown(value);
    case 'd':
      return whole === undefined ? wrongType(clause, value) : String(whole);
    case 'f':
    case 'e':
      return formatFloat(clause, value);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return whole === undefined ? wrongType(clause, value) : whole.toString(2);
    case 'o':
      return whole === undefined ? wrongType(clause, value) : whole.toString(8);
    default:
      return formatHex(clause, value, whole);
  }
}

const special = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity');

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const defaultPrecision = 6;

/** Fixed-point numbers have their thousands grouped, as cel-go prints them for English readers. */
function grouped(value: number, precision: number): string {
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: precision,
    maximumFractionDigits: precision,
    roundingMode: 'halfEven',
  }).format(value);
}

function formatFloat(clause: Clause, value: CelValue): string | Failure {
  if (typeof value !== 'number') return wrongType(clause, value);
  if (!Number.isFinite(value)) return special(value);
  if (clause.verb === 'f') return grouped(value, clause.precision ?? defaultPrecision);
  // cel-go does not look at the precision here.
  const [mantissa = '', exponent = ''] = value.toExponential(defaultPrecision).split('e');
  const digits = exponent
    .slice(1)
    .padStart(2, '0')
    .replace(/\d/g, (digit) => superscripts[Number(digit)] ?? '');
  return `${mantissa}×10${exponent.startsWith('-') ? '⁻' : ''}${digits}`;
}

function formatHex(clause: Clause, value: CelValue, whole: bigint | undefined): string | Failure {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : undefined;
  if (bytes === undefined && whole === undefined) return wrongType(clause, value);
  const text = bytes === undefined ? (whole ?? 0n).toString(16) : Buffer.from(bytes).toString('hex');
  return clause.verb === 'X' ? text.toUpperCase() : text;
}

/** What `%s` shows of a value. */
function shown(value: CelValue): string | Failure {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? goFloat(value) : special(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Duration) return `${goFloat(Number(value.nanos) / 1e9)}s`;
  if (value instanceof Timestamp) return formatTimestamp(value.nanos);
  return shownInside(value);
}

/** The same inside of a list or map, where texts are quoted. */
function shownInside(value: CelValue): string | Failure {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? grouped(value, defaultPrecision) : special(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return `b${JSON.stringify(new TextDecoder().decode(value))}`;
  if (value instanceof Timestamp) return `timestamp(${JSON.stringify(formatTimestamp(value.nanos))})`;
  if (value instanceof Duration) return `duration("${goFloat(Number(value.nanos) / 1e9)}s")`;
  if (value instanceof TypeValue) return value.name;
  if (isList(value)) return all(itemsOf(value).map(shownInside), (items) => `[${items.join(', ')}]`);
  if (isMap(value)) {
    const entries = value.keys().map((key) => {
      const parts = [shownInside(key), shownInside(value.get(key) ?? null)];
      return all(parts, ([name = '', field = '']) => `${name}:${field}`);
    });
    return all(entries.sort(), (sorted) => `{${sorted.join(', ')}}`);
  }
  return wrongType({ verb: 's', precision: undefined }, value);
}

function all(parts: readonly (string | Failure)[], join: (texts: readonly string[]) => string): string | Failure {
  const texts: string[] = [];
  for (const part of parts) {
    if (part instanceof Failure) return part;
    texts.push(part);
  }
  return join(texts);
}
