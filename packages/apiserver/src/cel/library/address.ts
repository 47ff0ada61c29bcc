import { isIPv4, isIPv6 } from 'node:net';
import type { Implementation, Library } from '../functions.ts';
import { Failure, type CelValue, type Opaque } from '../value.ts';

/** An IP address as its bits. */
class Ip implements Opaque {
  readonly opaque = 'net.IP';
  readonly bits: 32 | 128;
  readonly value: bigint;

  constructor(bits: 32 | 128, value: bigint) {
    this.bits = bits;
    this.value = value;
  }

  equals(other: Opaque): boolean {
    return other instanceof Ip && other.bits === this.bits && other.value === this.value;
  }

  /** The top `count` bits. */
  top(count: number): bigint {
    return this.value >> BigInt(this.bits - count);
  }

  toString(): string {
    return this.bits === 32 ? dotted(this.value) : colons(this.value);
  }
}

/** An address range. */
class Cidr implements Opaque {
  readonly opaque = 'net.CIDR';
  readonly ip: Ip;
  readonly length: number;

  constructor(ip: Ip, length: number) {
    this.ip = ip;
    this.length = length;
  }

  equals(other: Opaque): boolean {
    return other instanceof Cidr && other.length === this.length && this.ip.equals(other.ip);
  }

  contains(ip: Ip): boolean {
    return ip.bits === this.ip.bits && (this.length === 0 || ip.top(this.length) === this.ip.top(this.length));
  }

  masked(): Cidr {
    const shift = BigInt(this.ip.bits - this.length);
    return new Cidr(new Ip(this.ip.bits, (this.ip.value >> shift) << shift), this.length);
  }

  toString(): string {
    return `${this.ip.toString()}/${this.length}`;
  }
}

const dotted = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');

/** RFC 5952: lower case, the longest run of zero groups shortened. */
function colons(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - at * 16)) & 0xffffn).toString(16));
  let [start, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let run = 0;
    while (groups[at + run] === '0') run += 1;
    if (run > length) [start, length] = [at, run];
  }
  if (start < 0) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function parseIpv6(text: string): bigint {
  const withoutDots = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const high = (Number(a) * 256 + Number(b)).toString(16);
    return `${high}:${(Number(c) * 256 + Number(d)).toString(16)}`;
  });
  const [head = '', tail] = withoutDots.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), tail === undefined ? [] : groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

const v4Problems: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)0\d/, 'IPv4 field has octet with leading zero'],
  [/(?:^|\.)(?:\d{4,}|[3-9]\d\d|2[6-9]\d|25[6-9])/, 'IPv4 field has value >255'],
  [/^\d+(?:\.\d+){4}/, 'IPv4 address too long'],
  [/^\d+(?:\.\d+){1,2}$/, 'IPv4 address too short'],
];

/** What netip says against a text that is no address. */
function addressProblem(text: string): string {
  if (text.includes(':')) return 'address string too short';
  if (!text.includes('.')) return 'unable to parse IP';
  const unexpected = /[^\d.]/.exec(text);
  if (unexpected) return `unexpected character (at ${JSON.stringify(text.slice(unexpected.index))})`;
  return v4Problems.find(([pattern]) => pattern.test(text))?.[1] ?? 'unable to parse IP';
}

const context = 'parse error during conversion from string';

/** Reads an address as netip does; zones and IPv4 mapped into IPv6 are refused. */
function parseIp(text: string): Ip | Failure {
  if (isIPv4(text))
    return new Ip(
      32,
      text.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n),
    );
  if (!isIPv6(text))
    return new Failure(
      `IP Address ${JSON.stringify(text)} ${context}: ParseAddr(${JSON.stringify(text)}): ${addressProblem(text)}`,
    );
  if (text.includes('%')) return new Failure(`IP address ${JSON.stringify(text)} with zone value is not allowed`);
  const value = parseIpv6(text);
  return value >> 32n === 0xffffn
    ? new Failure(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`)
    : new Ip(128, value);
}

function parseCidr(text: string): Cidr | Failure {
  const bad = (problem: string): Failure =>
    new Failure(
      `network address ${context}: network address ${context}: netip.ParsePrefix(${JSON.stringify(text)}): ${problem}`,
    );
  const slash = text.lastIndexOf('/');
  if (slash < 0) return bad("no '/'");
  const address = text.slice(0, slash);
  const ip = parseIp(address);
  const length = text.slice(slash + 1);
  if (ip instanceof Failure)
    return isIPv6(address)
      ? new Failure(`network address ${context}: IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`)
      : bad(`ParseAddr(${JSON.stringify(address)}): ${addressProblem(address)}`);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length)) return bad(`bad bits after slash: ${JSON.stringify(length)}`);
  return Number(length) <= ip.bits ? new Cidr(ip, Number(length)) : bad('prefix length out of range');
}

const asText = (value: CelValue | undefined): string => (typeof value === 'string' ? value : '');

const ofIp =
  (call: (ip: Ip) => CelValue): Implementation =>
  (ip) =>
    ip instanceof Ip ? call(ip) : new Failure('no such overload');

const ofCidr =
  (call: (cidr: Cidr, other: CelValue) => CelValue): Implementation =>
  (cidr, other = null) =>
    cidr instanceof Cidr ? call(cidr, other) : new Failure('no such overload');

const isUnspecified = ({ value }: Ip): boolean => value === 0n;
const isLoopback = (ip: Ip): boolean => (ip.bits === 32 ? ip.top(8) === 127n : ip.value === 1n);
const isLinkLocalUnicast = (ip: Ip): boolean => (ip.bits === 32 ? ip.top(16) === 0xa9fen : ip.top(10) === 0x3fan);
const isLinkLocalMulticast = (ip: Ip): boolean =>
  ip.bits === 32 ? ip.top(24) === 0xe00000n : ip.top(8) === 0xffn && (ip.top(16) & 0xfn) === 2n;
const isMulticast = (ip: Ip): boolean => (ip.bits === 32 ? ip.top(4) === 0xen : ip.top(8) === 0xffn);
const isBroadcast = (ip: Ip): boolean => ip.bits === 32 && ip.value === 0xffffffffn;

/** As Go's IsGlobalUnicast: everything that is not special, private addresses included. */
const isGlobalUnicast = (ip: Ip): boolean =>
  !isUnspecified(ip) && !isBroadcast(ip) && !isLoopback(ip) && !isMulticast(ip) && !isLinkLocalUnicast(ip);

const isCanonical: Implementation = (text) => {
  const ip = parseIp(asText(text));
  return ip instanceof Failure ? ip : ip.toString() === text;
};

const containsIp = ofCidr((cidr, other) => {
  const ip = typeof other === 'string' ? parseIp(other) : other;
  return ip instanceof Ip ? cidr.contains(ip) : new Failure('no such overload');
});

const containsCidr = ofCidr((cidr, other) => {
  const inner = typeof other === 'string' ? parseCidr(other) : other;
  if (!(inner instanceof Cidr)) return inner;
  return cidr.length <= inner.length && cidr.contains(inner.ip);
});

/** Kubernetes' IP and CIDR functions. */
export const addressLibrary: Library = [
  ['ip(string): IP', (text) => parseIp(asText(text))],
  ['isIP(string): bool', (text) => parseIp(asText(text)) instanceof Ip],
  ['ip.isCanonical(string): bool', isCanonical],
  ['IP.family(): int', ofIp(({ bits }) => (bits === 32 ? 4n : 6n))],
  ['IP.isUnspecified(): bool', ofIp(isUnspecified)],
  ['IP.isLoopback(): bool', ofIp(isLoopback)],
  ['IP.isLinkLocalMulticast(): bool', ofIp(isLinkLocalMulticast)],
  ['IP.isLinkLocalUnicast(): bool', ofIp(isLinkLocalUnicast)],
  ['IP.isGlobalUnicast(): bool', ofIp(isGlobalUnicast)],
  ['cidr(string): CIDR', (text) => parseCidr(asText(text))],
  ['isCIDR(string): bool', (text) => parseCidr(asText(text)) instanceof Cidr],
  ['CIDR.containsIP(IP): bool', containsIp],
  ['CIDR.containsIP(string): bool', containsIp],
  ['CIDR.containsCIDR(CIDR): bool', containsCidr],
  ['CIDR.containsCIDR(string): bool', containsCidr],
  ['CIDR.ip(): IP', ofCidr(({ ip }) => ip)],
  ['CIDR.masked(): CIDR', ofCidr((cidr) => cidr.masked())],
  ['CIDR.prefixLength(): int', ofCidr(({ length }) => BigInt(length))],
];
