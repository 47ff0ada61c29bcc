import { compareQuantities, parseQuantity } from '@reeve/api';
import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { mapAt, objectAt, textAt } from '../../object-path.ts';
import { checkClaimSpec } from '../claim-spec.ts';
import { checkImmutable } from '../immutable.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const classNote = 'volume.beta.kubernetes.io/storage-class';

const specOf = (claim: ObjectValue): ObjectValue => objectAt(claim, 'spec');
const noteOf = (claim: ObjectValue): string | undefined => mapAt(metadataOf(claim), 'annotations')[classNote];
const requestsOf = (claim: ObjectValue): Readonly<Record<string, string>> =>
  mapAt(objectAt(specOf(claim), 'resources'), 'requests');

/** The class may move from the annotation of old to its field. */
function isClassMoved(claim: ObjectValue, old: ObjectValue): boolean {
  const before = noteOf(old);
  if (before === undefined || specOf(old)['storageClassName'] !== undefined) return false;
  return specOf(claim)['storageClassName'] === before && (noteOf(claim) ?? before) === before;
}

/** The spec as it must be for the update to be allowed, but for what may change. */
function comparable(claim: ObjectValue, old: ObjectValue): ObjectValue {
  const spec = { ...specOf(claim) };
  const before = specOf(old);
  const isBound = textAt(objectAt(claim, 'status'), 'phase') === 'Bound';
  if (textAt(before, 'volumeName') === '') delete spec['volumeName'];
  if (before['storageClassName'] === undefined && (isClassMoved(claim, old) || noteOf(old) === undefined)) {
    delete spec['storageClassName'];
  }
  if (!isBound) return spec;
  const resources = objectAt(spec, 'resources');
  const { storage: _, ...requests } = mapAt(resources, 'requests');
  const { volumeAttributesClassName: __, ...others } = spec;
  return { ...others, resources: { ...resources, requests } };
}

function checkUpdate(problems: Problems, claim: ObjectValue, old: ObjectValue): void {
  checkClaimSpec(problems, 'spec', specOf(claim));
  const note = noteOf(claim);
  if (!isClassMoved(claim, old) && note !== noteOf(old)) {
    problems.invalid(`metadata.annotations[${classNote}]`, note ?? '', 'field is immutable');
  }
  const phase = { ...old, status: claim['status'] ?? {} };
  if (!semanticallyEqual(comparable(claim, old), comparable(phase, old))) {
    const detail =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    problems.forbidden('spec', detail);
  }
  const size = requestsOf(claim)['storage'] ?? '0';
  const given = mapAt(objectAt(old, 'status'), 'capacity')['storage'] ?? '0';
  if (compareQuantities(size, requestsOf(old)['storage'] ?? '0') < 0 && compareQuantities(size, given) <= 0) {
    problems.forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity');
  }
  checkImmutable(problems, 'spec.volumeMode', claim, old, 'volumeMode');
  checkAttributes(problems, claim, old);
}

function checkAttributes(problems: Problems, claim: ObjectValue, old: ObjectValue): void {
  const field = 'volumeAttributesClassName';
  if (objectAt(old, 'status')['currentVolumeAttributesClassName'] === undefined) return;
  const name = specOf(claim)[field];
  if (name === specOf(old)[field] || (name !== undefined && name !== '')) return;
  const wanted = name === undefined ? 'nil' : 'empty string';
  const detail = `update to ${wanted} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  problems.forbidden(`spec.${field}`, detail);
}

function warningsOf(claim: ObjectValue): readonly string[] {
  const noted =
    noteOf(claim) === undefined
      ? []
      : [`metadata.annotations[${classNote}]: deprecated since v1.8; use "storageClassName" attribute instead`];
  return [...noted, ...sizeWarnings('spec', specOf(claim))];
}

/** Sizes are counted in whole bytes. */
export function sizeWarnings(path: string, spec: ObjectValue): readonly string[] {
  return ['requests', 'limits'].flatMap((part) => {
    const size = mapAt(objectAt(spec, 'resources'), part)['storage'];
    if (size === undefined || parseQuantity(size).nano % 1_000_000_000n === 0n) return [];
    return [`${path}.resources.${part}[storage]: fractional byte value "${size}" is invalid, must be an integer`];
  });
}

export const claimValidator: Validator = validator({
  create: (problems, claim) => checkClaimSpec(problems, 'spec', specOf(claim)),
  update: checkUpdate,
  subresources: {
    status: (problems, claim) => {
      for (const [name, size] of Object.entries(mapAt(objectAt(claim, 'status'), 'capacity'))) {
        if (compareQuantities(size, '0') >= 0) continue;
        problems.invalid(`status.capacity[${name}]`, size, 'must be greater than or equal to 0');
      }
    },
  },
  warnings: (claim, _, { subresource }) => (subresource === '' ? warningsOf(claim) : []),
});
