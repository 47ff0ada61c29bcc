/** A string or bytes literal at the start of a text. */
export interface TextLiteral {
  /** As written, quotes and prefix included. */
  readonly text: string;
  readonly value: string | Uint8Array;
  /** What is wrong with its escapes. */
  readonly problem?: string;
}

const body = (quote: string, multiline: boolean): string =>
  multiline ? `(?:\\\\[\\s\\S]|(?!${quote})[\\s\\S])*` : `(?:\\\\[^\\n\\r]|[^\\\\${quote}\\n\\r])*`;
const rawBody = (quote: string, multiline: boolean): string =>
  multiline ? `(?:(?!${quote})[\\s\\S])*` : `[^${quote}\\n\\r]*`;

const quotes = ['"""', "'''", '"', "'"] as const;

const patterns: readonly { readonly quote: string; readonly raw: boolean; readonly pattern: RegExp }[] = quotes.flatMap(
  (quote) => {
    const long = quote.length === 3;
    return [
      { quote, raw: true, pattern: new RegExp(`^(?:[bB]?[rR]|[rR][bB])${quote}(${rawBody(quote, long)})${quote}`) },
      { quote, raw: false, pattern: new RegExp(`^[bB]?${quote}(${body(quote, long)})${quote}`) },
    ];
  },
);

/** Reads the literal that a text starts with; undefined if it starts with none. */
export function readText(source: string): TextLiteral | undefined {
  for (const { quote, raw, pattern } of patterns) {
    const match = pattern.exec(source);
    if (match === null) continue;
    const [text = '', content = ''] = match;
    const isBytes = /^[rR]?[bB]/.test(text.slice(0, text.indexOf(quote)));
    if (raw) return { text, value: isBytes ? new TextEncoder().encode(content) : content };
    const value = unescape(content, isBytes);
    if (value === undefined) continue;
    return typeof value === 'object' && 'problem' in value ? { text, value: '', ...value } : { text, value };
  }
  return undefined;
}

const plainEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
};

const escape =
  /\\(?:x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))|[^\\]+/g;

/** Resolves escapes; in bytes `\x` and octal ones are bytes rather than code points. */
function unescape(content: string, isBytes: boolean): string | Uint8Array | { readonly problem: string } | undefined {
  const bytes: number[] = [];
  let text = '';
  const add = (part: string): void => {
    if (isBytes) bytes.push(...new TextEncoder().encode(part));
    else text += part;
  };
  for (const match of content.matchAll(escape)) {
    const [whole, lower, upper, short, long, octal, plain] = match;
    const byte = lower ?? upper;
    if (byte !== undefined || octal !== undefined) {
      const code = byte === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(byte, 16);
      if (isBytes) bytes.push(code);
      else text += String.fromCodePoint(code);
    } else if (short !== undefined || long !== undefined) {
      const code = Number.parseInt(short ?? long ?? '', 16);
      if (isBytes) return { problem: 'unable to unescape string' };
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return { problem: 'invalid unicode code point' };
      add(String.fromCodePoint(code));
    } else if (plain !== undefined) {
      const meant = plainEscapes[plain];
      if (meant === undefined) return undefined;
      add(meant);
    } else add(whole);
  }
  return isBytes ? Uint8Array.from(bytes) : text;
}
