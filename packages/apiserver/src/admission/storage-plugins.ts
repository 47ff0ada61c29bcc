import { compareQuantities } from '@reeve/api';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { mapAt, objectAt, textAt, textsAt } from '../builtin/object-path.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { creates, isAbout, refused } from './plugin.ts';
import type { StoredObjects, StoredResource } from './stored-objects.ts';

const protections: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
  volumeattributesclasses: 'kubernetes.io/vac-protection',
};

/** Volumes, claims and their attribute classes are not removed while they are used: the finalizer says so. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  mutate({ operation, resource, subresource, object }) {
    if (operation !== 'CREATE' || subresource !== '' || object === undefined) return;
    if (resource.group !== '' && resource.group !== 'storage.k8s.io') return;
    const finalizer = protections[resource.plural];
    if (finalizer === undefined) return;
    const metadata = metadataOf(object);
    const finalizers = textsAt(metadata, 'finalizers');
    if (!finalizers.includes(finalizer)) metadata['finalizers'] = [...finalizers, finalizer];
  },
};

/** A claim without a class gets the default one; the empty name asks for none. */
export function defaultStorageClass(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'DefaultStorageClass',
    mutate(attributes) {
      const { object } = attributes;
      const spec = object?.['spec'];
      if (!creates(attributes, '', 'persistentvolumeclaims') || object === undefined || !isObject(spec)) return;
      if (spec['storageClassName'] !== undefined || storageClassNote in mapAt(metadataOf(object), 'annotations'))
        return;
      const found = newestDefault(stored, 'storageclasses', storageDefaultNotes);
      if (found !== undefined) spec['storageClassName'] = found;
    },
  };
}

/** An Ingress without a class gets the default one. */
export function defaultIngressClass(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'DefaultIngressClass',
    mutate(attributes) {
      const { object } = attributes;
      if (!creates(attributes, 'networking.k8s.io', 'ingresses') || object === undefined) return;
      const spec = isObject(object['spec']) ? object['spec'] : {};
      if (spec['ingressClassName'] !== undefined || ingressClassNote in mapAt(metadataOf(object), 'annotations'))
        return;
      const found = newestDefault(stored, 'ingressclasses', ingressDefaultNotes);
      if (found === undefined) return;
      spec['ingressClassName'] = found;
      object['spec'] = spec;
    },
  };
}

const storageClassNote = 'volume.beta.kubernetes.io/storage-class';
const ingressClassNote = 'kubernetes.io/ingress.class';
const storageDefaultNotes = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const ingressDefaultNotes = ['ingressclass.kubernetes.io/is-default-class'];

/** Of several default classes the newest counts; of equally old ones the first by name. */
function newestDefault(stored: StoredObjects, plural: StoredResource, notes: readonly string[]): string | undefined {
  const created = (object: ObjectValue): string => textAt(metadataOf(object), 'creationTimestamp');
  const name = (object: ObjectValue): string => textAt(metadataOf(object), 'name');
  const [first] = stored
    .list(plural)
    .filter((object) => notes.some((note) => mapAt(metadataOf(object), 'annotations')[note] === 'true'))
    .toSorted((left, right) => compareText(created(right), created(left)) || compareText(name(left), name(right)));
  return first === undefined ? undefined : name(first);
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Bound claims grow where their class allows it. */
export function claimResize(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'PersistentVolumeClaimResize',
    validate(attributes) {
      const { object, old } = attributes;
      if (!isAbout(attributes, '', 'persistentvolumeclaims') || object === undefined || old === undefined) return;
      if (compareQuantities(requested(object), requested(old)) <= 0) return;
      if (objectAt(old, 'status')['phase'] !== 'Bound') {
        throw refused(attributes, 'Only bound persistent volume claims can be expanded');
      }
      const [before, after] = [old, object].map(className);
      const found = before === '' || before !== after ? undefined : stored.find('storageclasses', before ?? '');
      if (found?.['allowVolumeExpansion'] === true) return;
      throw refused(
        attributes,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    },
  };
}

function requested(claim: ObjectValue): string {
  return mapAt(objectAt(objectAt(claim, 'spec'), 'resources'), 'requests')['storage'] ?? '0';
}

function className(claim: ObjectValue): string {
  const note = mapAt(metadataOf(claim), 'annotations')[storageClassNote];
  return note ?? textAt(objectAt(claim, 'spec'), 'storageClassName');
}
