import type { TextRule } from '../names.ts';
import { addressFamily, parseBlock } from '../addresses.ts';

interface Range {
  readonly blocks: readonly string[];
  readonly detail: string;
}

const refused: readonly Range[] = [
  { blocks: ['0.0.0.0/32', '::/128'], detail: 'may not be unspecified (0.0.0.0)' },
  { blocks: ['127.0.0.0/8', '::1/128'], detail: 'may not be in the loopback range (127.0.0.0/8, ::1/128)' },
  { blocks: ['169.254.0.0/16', 'fe80::/10'], detail: 'may not be in the link-local range (169.254.0.0/16, fe80::/10)' },
  {
    blocks: ['224.0.0.0/24', 'ff02::/16'],
    detail: 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  },
];

/** An address that traffic may be sent to. */
export const endpointAddress: TextRule = (address) => {
  const family = addressFamily(address);
  if (family === 0) return ['must be a valid IP address'];
  return refused
    .filter(({ blocks }) => blocks.some((block) => contains(block, address, family)))
    .map(({ detail }) => detail);
};

function contains(block: string, address: string, family: 4 | 6): boolean {
  const outer = parseBlock(block);
  const inner = parseBlock(`${address}/${family === 4 ? 32 : 128}`);
  if (outer === undefined || inner === undefined || outer.family !== inner.family) return false;
  const shift = BigInt((family === 4 ? 32 : 128) - outer.bits);
  return outer.value >> shift === inner.value >> shift;
}
