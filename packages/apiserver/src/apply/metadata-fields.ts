import { LEAF } from './field-set.ts';
import type { FieldSet } from './field-set.ts';

const NAMES = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
] as const;

/** What the server sets, or what says which object it is: nobody owns that. */
export const UNOWNED: FieldSet = {
  'f:apiVersion': LEAF,
  'f:kind': LEAF,
  'f:metadata': { '.': LEAF, ...Object.fromEntries(NAMES.map((name) => [`f:${name}`, LEAF])) },
};
