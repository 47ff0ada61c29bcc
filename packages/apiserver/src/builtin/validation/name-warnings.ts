import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { textAt } from '../object-path.ts';
import { dnsLabel } from './names.ts';

/** Told of new objects whose pods get a host name from theirs, if that is no DNS label. */
export function hostnameWarnings(
  object: ObjectValue,
  old: ObjectValue | undefined,
  use = 'in Pod names and hostnames',
): readonly string[] {
  const errors = old === undefined ? dnsLabel(textAt(metadataOf(object), 'name')) : [];
  if (errors.length === 0) return [];
  return [
    `metadata.name: this is used ${use}, which can result in surprising behavior; a DNS label is recommended: [${errors.join(' ')}]`,
  ];
}
