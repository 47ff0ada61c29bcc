/** Walks JSON bytes without parsing them. The bytes are taken to be valid JSON; `JSON.parse` has the last word. */

const quote = 0x22;
const backslash = 0x5c;
export const comma = 0x2c;
export const openBrace = 0x7b;
const closeBrace = 0x7d;
export const openBracket = 0x5b;
const closeBracket = 0x5d;

const isOpen = (byte: number | undefined): boolean => byte === openBrace || byte === openBracket;
const isClose = (byte: number | undefined): boolean => byte === closeBrace || byte === closeBracket;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The first index from `at` on that is not white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let i = at;
  while (isSpace(bytes[i])) i += 1;
  return i;
}

/** The last index up to `at` that is not white space. */
export function skipSpaceBack(bytes: Uint8Array, at: number): number {
  let i = at;
  while (isSpace(bytes[i])) i -= 1;
  return i;
}

/** The index after the string whose opening quote is at `at`. */
function endOfString(bytes: Uint8Array, at: number): number {
  let i = at + 1;
  for (; i < bytes.length && bytes[i] !== quote; i += 1) {
    if (bytes[i] === backslash) i += 1;
  }
  return i + 1;
}

/** The index after the value that begins at `at`. */
export function endOfValue(bytes: Uint8Array, at: number): number {
  if (bytes[at] === quote) return endOfString(bytes, at);
  if (!isOpen(bytes[at])) {
    let i = at;
    while (i < bytes.length && bytes[i] !== comma && !isClose(bytes[i]) && !isSpace(bytes[i])) i += 1;
    return i;
  }
  let depth = 0;
  for (let i = at; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === quote) i = endOfString(bytes, i) - 1;
    else if (isOpen(byte)) depth += 1;
    else if (isClose(byte) && (depth -= 1) === 0) return i + 1;
  }
  return bytes.length;
}

/** Where a member of an object begins (its key's quote) and where its value does. */
export interface MemberPlace {
  readonly key: number;
  readonly value: number;
}

/** Finds a member of the object that begins at `at`; looks into nothing that comes before it. */
export function findMember(bytes: Buffer, at: number, name: string): MemberPlace | undefined {
  let i = skipSpace(bytes, at + 1);
  while (bytes[i] === quote) {
    const keyEnd = endOfString(bytes, i);
    const value = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    if (keyEnd - i === name.length + 2 && bytes.toString('latin1', i + 1, keyEnd - 1) === name)
      return { key: i, value };
    i = skipSpace(bytes, endOfValue(bytes, value));
    if (bytes[i] !== comma) return undefined;
    i = skipSpace(bytes, i + 1);
  }
  return undefined;
}
