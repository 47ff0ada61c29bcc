import { compareQuantities } from '@reeve/api';
import type { ObjectValue } from '../../value.ts';
import { mapAt, maybeObject, objectAt, textAt, textsAt } from '../object-path.ts';
import { oneOf } from './checks.ts';
import { labelSelector } from './label-selector-check.ts';
import { dnsLabel, dnsSubdomain } from './names.ts';
import type { Problems } from './problems.ts';

export const accessModes: readonly string[] = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Access modes of a volume or claim. */
export function checkAccessModes(problems: Problems, path: string, modes: readonly string[]): void {
  for (const mode of modes) if (!accessModes.includes(mode)) problems.notSupported(path, mode, accessModes);
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    problems.forbidden(path, 'may not use ReadWriteOncePod with other access modes');
  }
}

/** What a claim asks for. */
export function checkClaimSpec(problems: Problems, path: string, spec: ObjectValue): void {
  const modes = textsAt(spec, 'accessModes');
  if (modes.length === 0) problems.required(`${path}.accessModes`, 'at least 1 access mode is required');
  labelSelector(problems, `${path}.selector`, spec['selector']);
  checkAccessModes(problems, `${path}.accessModes`, modes);
  const storage = mapAt(objectAt(spec, 'resources'), 'requests')['storage'];
  if (storage === undefined) problems.required(`${path}.resources[storage]`);
  else {
    const at = `${path}.resources[storage]`;
    if (compareQuantities(storage, '0') <= 0) problems.invalid(at, storage, 'must be greater than zero');
  }
  const className = textAt(spec, 'storageClassName');
  if (className !== '') problems.text(`${path}.storageClassName`, className, dnsSubdomain);
  oneOf('Block', 'Filesystem')(problems, `${path}.volumeMode`, spec['volumeMode']);
  checkSources(problems, path, spec);
  const attributes = textAt(spec, 'volumeAttributesClassName');
  if (attributes !== '') problems.text(`${path}.volumeAttributesClassName`, attributes, dnsSubdomain);
}

function checkSources(problems: Problems, path: string, spec: ObjectValue): void {
  const source = maybeObject(spec, 'dataSource');
  const reference = maybeObject(spec, 'dataSourceRef');
  if (source !== undefined) checkSource(problems, `${path}.dataSource`, source);
  if (reference !== undefined) checkSource(problems, `${path}.dataSourceRef`, reference);
  if (source === undefined || reference === undefined) return;
  const isSame = ['kind', 'name', 'apiGroup'].every((field) => textAt(source, field) === textAt(reference, field));
  if (!isSame) problems.invalid(path, {}, 'must match dataSourceRef');
}

function checkSource(problems: Problems, path: string, source: ObjectValue): void {
  for (const field of ['name', 'kind']) if (textAt(source, field) === '') problems.required(`${path}.${field}`);
  const group = textAt(source, 'apiGroup');
  if (group === '' && textAt(source, 'kind') !== 'PersistentVolumeClaim') {
    problems.invalid(
      path,
      textAt(source, 'kind'),
      "must be 'PersistentVolumeClaim' when referencing the default apiGroup",
    );
  }
  if (group !== '') problems.text(`${path}.apiGroup`, group, dnsSubdomain);
  const namespace = textAt(source, 'namespace');
  if (namespace !== '') problems.text(`${path}.namespace`, namespace, dnsLabel);
}
