import type { PodTemplateSpec } from '@reeve/api/core/v1';
import { canonicalJSON } from '../canonical-json.ts';

export const HASH_LABEL = 'pod-template-hash';
/** Letters without vowels and look-alikes, so that no hash spells a word. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for a template; `collisions` tells apart templates that hash alike. FNV-1a, 32 bits. */
export function templateHash(template: PodTemplateSpec, collisions: number): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${canonicalJSON(template)}${collisions}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return Array.from(String(hash), (digit) => ALPHABET[Number(digit) + 5] ?? '').join('');
}

/** The template without the hash that a ReplicaSet adds to it, for comparison. */
export function comparable(template: PodTemplateSpec | undefined): string {
  const { [HASH_LABEL]: _, ...labels } = template?.metadata?.labels ?? {};
  const metadata = { ...template?.metadata, labels, creationTimestamp: undefined };
  return canonicalJSON({ ...template, metadata });
}
