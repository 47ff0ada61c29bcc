import { NodeError } from '../node-error.ts';

/** A range of IPv4 addresses: `10.244.0.0/16`. */
export interface CIDR {
  /** The first address, as a number. */
  readonly base: number;
  readonly prefix: number;
}

/** The address as a 32-bit number, or undefined when it is not an IPv4 address. */
export function parseIPv4(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return valid ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

function formatIPv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

export function parseCIDR(text: string): CIDR {
  const [address = '', prefixText = ''] = text.split('/');
  const base = parseIPv4(address);
  const prefix = Number(prefixText);
  if (base === undefined || !Number.isInteger(prefix) || prefix < 8 || prefix > 30) {
    throw new NodeError('InvalidPod', `${text} is no IPv4 range; write it as 10.244.0.0/16`);
  }
  return { base, prefix };
}

/** The n-th address of a range, as text. */
export function addressAt(range: CIDR, index: number): string {
  return formatIPv4(range.base + index);
}

/** The part of the cluster's pod range that belongs to node number `index`: a /24. */
export function nodeRange(podRange: CIDR, index: number): CIDR {
  return { base: podRange.base + index * 256, prefix: 24 };
}
