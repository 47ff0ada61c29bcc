/** A block of IPv4 addresses; the first and the last of it are not given out. */
export interface AddressRange {
  readonly cidr: string;
  readonly base: number;
  readonly size: number;
}

/** Reads `10.96.0.0/16`. */
export function addressRange(cidr: string): AddressRange {
  const [address = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  const base = addressNumber(address) ?? 0;
  return { cidr, base: base - (base % size), size };
}

/** An IPv4 address as a number. */
export function addressNumber(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

/** The address at a place in the range. */
export function addressAt(range: AddressRange, offset: number): string {
  const number = range.base + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** Below this place addresses are for people who ask for them (KEP-3070). */
export function reservedBand(range: AddressRange): number {
  return Math.min(Math.max(16, Math.floor(range.size / 16)), 256);
}
