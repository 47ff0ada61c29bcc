import { isIP, isIPv4, isIPv6 } from 'node:net';
import { parseLooseDuration } from '../cel/duration.ts';

/** Formats of strings that are enforced, by their name without dashes, as go-openapi's strfmt defines them. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: isRequestUri,
  email: isEmail,
  hostname: isHostname,
  ipv4: (text) => text.includes('.') && isSloppyIp(text),
  ipv6: (text) => text.includes(':') && isIPv6(text) && !text.includes('%'),
  cidr: isSloppyCidr,
  mac: isMac,
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  uuid3: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  uuid4: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(text),
  uuid5: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(text),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: isRgbColor,
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text),
  password: () => true,
  date: isDate,
  duration: (text) => parseLooseDuration(text) !== undefined,
  datetime: isDateTime,
  k8sshortname: (text) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text),
  k8slongname: (text) =>
    text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

const numberFormats: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** True if the server knows this format for this type; others are kept but not enforced, with a warning. */
export function isKnownFormat(type: string, format: string): boolean {
  if (type === '' || type === 'string') return format.replaceAll('-', '') in formats;
  return numberFormats[type]?.includes(format) === true;
}

/** The check of a string format, if there is one. */
export function stringFormat(format: string): ((text: string) => boolean) | undefined {
  return formats[format.replaceAll('-', '')];
}

/** Go's url.ParseRequestURI: an absolute URI or an absolute path. */
function isRequestUri(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (text === '' || /[\u0000-\u001f\u007f]/.test(text)) return false;
  if (text === '*') return true;
  const [, scheme, rest = text] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (scheme === undefined && text.startsWith(':')) return false;
  const path = rest.split('?')[0] ?? '';
  if (!path.startsWith('/')) return scheme !== undefined;
  if (/%(?![0-9a-fA-F]{2})/.test(path)) return false;
  const authority = scheme !== undefined || path.startsWith('//') ? /^\/\/([^/]*)/.exec(path)?.[1] : undefined;
  return authority === undefined || isAuthority(authority);
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) return false;
  const host = authority.slice(at + 1);
  if (host.startsWith('[')) return /^\[[^\]]*\](:\d*)?$/.test(host);
  const [name = '', port, ...more] = host.split(':');
  if (more.length > 0 || (port !== undefined && !/^\d*$/.test(port))) return false;
  return !/[\s"<>\\^`{|}]/.test(name);
}

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\u0080-\\uffff]+";
const dotAtom = `${atom}(?:\\.${atom})*`;
const address = new RegExp(`^(?:${dotAtom}|"(?:[^"\\\\\\r\\n]|\\\\.)*")@(?:${dotAtom}|\\[[^\\[\\]\\\\]*\\])$`, 'u');
const word = new RegExp(`\\s*(?:${atom}|"(?:[^"\\\\]|\\\\.)*"|\\.)\\s*`, 'uy');

/** Go's mail.ParseAddress, without comments and encoded words: an address, or a phrase and an address in brackets. */
function isEmail(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.endsWith('>')) return address.test(trimmed);
  const open = trimmed.lastIndexOf('<');
  const phrase = trimmed.slice(0, Math.max(0, open));
  // Word by word: one expression for the phrase could be read in too many ways.
  for (word.lastIndex = 0; word.lastIndex < phrase.length;) if (!word.test(phrase)) return phrase.trim() === '';
  return open >= 0 && address.test(trimmed.slice(open + 1, -1));
}

function isHostname(text: string): boolean {
  const pattern =
    /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
  return (
    Buffer.byteLength(text) <= 255 &&
    text.split('.').every((part) => Buffer.byteLength(part) <= 63) &&
    pattern.test(text)
  );
}

/** IPv4 with leading zeros, as old Go read it, or any IPv6. */
function isSloppyIp(text: string): boolean {
  const stripped = text.replace(/(^|[.:])0+(?=\d+(\.|$))/g, '$1');
  return !text.includes('%') && (isIP(text) !== 0 || isIPv4(stripped) || isIPv6(stripped));
}

function isSloppyCidr(text: string): boolean {
  const slash = text.indexOf('/');
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 0 || !/^\d{1,3}$/.test(bits) || !isSloppyIp(address)) return false;
  return Number(bits) <= (address.includes(':') ? 128 : 32);
}

function isMac(text: string): boolean {
  const octets = (separator: string): boolean =>
    [6, 8, 20].some((size) => new RegExp(`^[0-9a-fA-F]{2}(\\${separator}[0-9a-fA-F]{2}){${size - 1}}$`).test(text));
  const words = [3, 4, 10].some((size) => new RegExp(`^[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4}){${size - 1}}$`).test(text));
  return words || octets(':') || octets('-');
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '');
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false;
  const sum = digits.split('').reduce((total, digit, position) => {
    return total + (position + 1) * (digit === 'X' ? 10 : Number(digit));
  }, 0);
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '');
  if (!/^[0-9]{13}$/.test(digits)) return false;
  const sum = digits
    .split('')
    .reduce((total, digit, position) => total + Number(digit) * (position % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, '');
  const pattern =
    /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;
  if (!pattern.test(digits)) return false;
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, position) => {
      const doubled = position % 2 === 1 ? Number(digit) * 2 : Number(digit);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

function isRgbColor(text: string): boolean {
  const part = '(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])';
  return new RegExp(`^rgb\\(\\s*${part}\\s*,\\s*${part}\\s*,\\s*${part}\\s*\\)$`).test(text);
}

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === '' || Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return false;
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return Number(day) <= (days[Number(month) - 1] ?? 0);
}

function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  if (time === undefined || !isDate(date)) return false;
  const [, hour = '99', minute = '', second = ''] =
    /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/.exec(time) ?? [];
  return hour <= '23' && minute <= '59' && second <= '59';
}
