import type { Random } from '@reeve/api';

/** Letters and digits that make no words, as Kubernetes uses them in generated names. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
/** So that base and suffix fit into a DNS label. */
const maxBase = 63 - suffixLength;

/** `metadata.generateName` and five random characters. */
export function generateName(base: string, random: Random): string {
  const pick = (): string => alphabet[Math.floor(random() * alphabet.length)] ?? 'b';
  return base.slice(0, maxBase) + Array.from({ length: suffixLength }, pick).join('');
}
