import type { Answer } from '../pipeline/answer.ts';

/** A Status that says only that it worked, as creating an Eviction or a Binding answers. */
export function created(): Answer {
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return { type: 'plain', status: 201, object };
}
