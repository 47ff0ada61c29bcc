import { notFound } from '../status-error.ts';
import { createObject } from './create.ts';
import type { Workshop } from './create.ts';
import type { Operations } from './operations.ts';
import { removeObject } from './remove.ts';
import { collectionOf, inVersion, keyOf } from './storage-form.ts';
import { updateObject } from './update.ts';

/** The operations over one store. */
export function makeOperations(workshop: Workshop): Operations {
  const { store } = workshop;
  const operations: Operations = {
    find(resource, namespace, name) {
      const stored = store.get(collectionOf(resource), keyOf(resource, namespace, name));
      return stored === undefined ? undefined : inVersion(resource, stored);
    },
    get(resource, namespace, name) {
      const found = operations.find(resource, namespace, name);
      if (found === undefined) throw notFound(resource, name);
      return found;
    },
    list(resource, namespace) {
      const prefix = resource.namespaced && namespace !== undefined ? `${namespace}/` : '';
      return Array.from(store.scan(collectionOf(resource), prefix), (stored) => inVersion(resource, stored));
    },
    create: (resource, namespace, object, request) => createObject(workshop, resource, namespace, object, request),
    update: (resource, namespace, name, change, request, options) =>
      updateObject(workshop, { resource, namespace, name }, change, request, options ?? { isPut: false }),
    remove: (resource, namespace, name, options, request) =>
      removeObject(workshop, { resource, namespace, name }, options, request),
  };
  return operations;
}
