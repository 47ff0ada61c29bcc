import type { Random } from '@reeve/api';
import type { Store } from '../store/store.ts';

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * Makes uids in the form of RFC 9562 version 4. The same seed gives the same ones, and a sequence in the last part keeps
 * them apart even where chance does not; uids are names, not secrets.
 */
export function uidSource(store: Store, random: Random): () => string {
  let sequence = store.revision;
  const part = (digits: number): string => hex(Math.floor(random() * 16 ** digits), digits);
  return () => {
    sequence += 1;
    const variant = hex(8 + Math.floor(random() * 4), 1);
    return `${part(8)}-${part(4)}-4${part(3)}-${variant}${part(3)}-${hex(sequence % 2 ** 48, 12)}`;
  };
}
