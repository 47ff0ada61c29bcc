import { isIP, isIPv4 } from 'node:net';
import type { TextRule } from './names.ts';

/** Forms with leading zeros, which Go's lenient parser of old still takes. */
const sloppyIPv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

const isSloppyIPv4 = (text: string): boolean =>
  sloppyIPv4.test(text) && text.split('.').every((part) => Number(part) < 256);

/** 4, 6, or 0 for no address. */
export function addressFamily(text: string): 0 | 4 | 6 {
  if (isSloppyIPv4(text)) return 4;
  return isIP(text) === 6 && !text.includes('%') ? 6 : 0;
}

/** An address, in any form that is not read in two ways. */
export const legacyAddress: TextRule = (text) => {
  if (addressFamily(text) === 0) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (isIPv4(text)) return [];
  if (isSloppyIPv4(text)) return ['must not have leading 0s'];
  return isMapped(text) ? ['must not be an IPv4-mapped IPv6 address'] : [];
};

const isMapped = (text: string): boolean => /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(text);

/** An address in its canonical form. */
export const canonicalAddress: TextRule = (text) => {
  const errors = legacyAddress(text);
  if (errors.length > 0 || isIPv4(text)) return errors;
  const canonical = canonicalIPv6(text);
  return canonical === text ? [] : [`must be in canonical form ("${canonical}")`];
};

/** RFC 5952, which URLs follow too. */
function canonicalIPv6(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** A block of addresses: family, length of the prefix, and the address as a number. */
export interface AddressBlock {
  readonly family: 4 | 6;
  readonly bits: number;
  readonly value: bigint;
}

/** Reads `10.0.0.0/8` or `2001:db8::/64`. */
export function parseBlock(text: string): AddressBlock | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const [, address = '', length = ''] = match ?? [];
  const family = addressFamily(address);
  if (family === 0 || Number(length) > (family === 4 ? 32 : 128)) return undefined;
  return { family, bits: Number(length), value: addressValue(address, family) };
}

function addressValue(address: string, family: 4 | 6): bigint {
  if (family === 4) return address.split('.').reduce((value, part) => value * 256n + BigInt(Number(part)), 0n);
  const [head = '', tail] = canonicalIPv6(address).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((value, part) => value * 65_536n + BigInt(`0x${part}`), 0n);
}

/** True if the address has bits beyond the prefix. */
export function hasHostBits({ family, bits, value }: AddressBlock): boolean {
  return (value & ((1n << BigInt((family === 4 ? 32 : 128) - bits)) - 1n)) !== 0n;
}

/** True if the second block is a part of the first, and not all of it. */
export function isStrictlyInside(outer: AddressBlock, inner: AddressBlock): boolean {
  if (outer.family !== inner.family || inner.bits <= outer.bits) return false;
  const shift = BigInt((outer.family === 4 ? 32 : 128) - outer.bits);
  return outer.value >> shift === inner.value >> shift;
}

const blockText = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** A block, in any form that is not read in two ways. */
export const legacyBlock: TextRule = (text) => {
  const block = parseBlock(text);
  if (block === undefined) return [blockText];
  const [address = '', length = ''] = text.split('/');
  if (/^0\d/.test(length) || (isSloppyIPv4(address) && !isIPv4(address))) {
    return ['must not have leading 0s in IP or prefix length'];
  }
  if (isMapped(address)) return ['must not have an IPv4-mapped IPv6 address'];
  return hasHostBits(block) ? ['must not have bits set beyond the prefix length'] : [];
};

/** A block in canonical form. */
export const canonicalBlock: TextRule = (text) => {
  const errors = legacyBlock(text);
  const [address = '', length = ''] = text.split('/');
  if (errors.length > 0 || isIPv4(address)) return errors;
  const canonical = `${canonicalIPv6(address)}/${length}`;
  return canonical === text ? [] : [`must be in canonical form ("${canonical}")`];
};

/** Warns of an address that is sound but not written as it should be. */
export function addressWarnings(path: string, address: string): readonly string[] {
  if (addressFamily(address) !== 6 || isMapped(address)) return [];
  const canonical = canonicalIPv6(address);
  if (canonical === address) return [];
  return [`${path}: IPv6 address "${address}" should be in RFC 5952 canonical format ("${canonical}")`];
}

/** The same of a block. */
export function blockWarnings(path: string, text: string): readonly string[] {
  const [address = '', length = ''] = text.split('/');
  if (addressFamily(address) !== 6 || isMapped(address)) return [];
  const canonical = `${canonicalIPv6(address)}/${length}`;
  if (canonical === text) return [];
  return [`${path}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${canonical}")`];
}
