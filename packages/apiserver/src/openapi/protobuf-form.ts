/** Writes one value under a field number; nothing if the value is not of the field's type. */
export type Form = (field: number, value: unknown) => readonly Uint8Array[];

/** Fields of a message by their names in JSON. */
export type Fields = Readonly<Record<string, readonly [number: number, form: Form]>>;

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const tag = (field: number, wire: number): Uint8Array => varint((field << 3) | wire);

/** A length-delimited field: text, or a message already written. */
function delimited(field: number, parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return [tag(field, 2), varint(length), ...parts];
}

export const text: Form = (field, value) => (typeof value === 'string' ? delimited(field, [Buffer.from(value)]) : []);

export const flag: Form = (field, value) => (value === true ? [tag(field, 0), varint(1)] : []);

export const integer: Form = (field, value) =>
  typeof value === 'number' && Number.isInteger(value) ? [tag(field, 0), varint(value)] : [];

export const double: Form = (field, value) => {
  if (typeof value !== 'number') return [];
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [tag(field, 1), bytes];
};

/** Any JSON, as the YAML text that gnostic's `Any` carries. */
export const anything: Form = (field, value) =>
  value === undefined ? [] : delimited(field, text(2, `${JSON.stringify(value)}\n`));

export function listOf(item: Form): Form {
  return (field, value) => (Array.isArray(value) ? value.flatMap((entry) => item(field, entry)) : []);
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** An object with known fields; `x-…` goes to the field `extensions`. Fields are asked for late, as types recurse. */
export function message(fields: () => Fields, extensions = 0): Form {
  return (field, value) => delimited(field, fieldsOf(fields(), extensions, value));
}

function fieldsOf(fields: Fields, extensions: number, value: unknown): readonly Uint8Array[] {
  return entriesOf(value).flatMap(([key, item]) => {
    const known = fields[key];
    if (known !== undefined) return known[1](known[0], item);
    return extensions > 0 && key.startsWith('x-') ? namedEntry(extensions, key, anything, item) : [];
  });
}

function namedEntry(field: number, name: string, form: Form, value: unknown): readonly Uint8Array[] {
  return delimited(field, [...text(1, name), ...form(2, value)]);
}

/** An object with free keys: a list of named values under `entries`. */
export function dictionary(entries: number, form: Form): Form {
  return (field, value) =>
    delimited(
      field,
      entriesOf(value).flatMap(([key, item]) => namedEntry(entries, key, form, item)),
    );
}

/** A message of one field that JSON does not show. */
export function wrapped(inner: number, form: Form): Form {
  return (field, value) => delimited(field, form(inner, value));
}

/** Chooses the form by the value. */
export function either(choose: (value: unknown) => Form): Form {
  return (field, value) => choose(value)(field, value);
}

export const isReference = (value: unknown): boolean => typeof value === 'object' && value !== null && '$ref' in value;

/** The bytes of a whole message. */
export function encodeMessage(fields: Fields, extensions: number, value: unknown): Uint8Array {
  return Buffer.concat(fieldsOf(fields, extensions, value));
}
