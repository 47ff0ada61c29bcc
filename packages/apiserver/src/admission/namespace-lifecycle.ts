import { notFound, statusError } from '../status-error.ts';
import { metadataOf } from '../value.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { isAbout, refused } from './plugin.ts';
import type { StoredObjects } from './stored-objects.ts';

const immortal = new Set(['default', 'kube-system', 'kube-public']);
const namespaces = { group: '', plural: 'namespaces' };

/** Nothing is created in a namespace that is missing or on its way out, and some namespaces stay. */
export function namespaceLifecycle(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'NamespaceLifecycle',
    mutate(attributes) {
      const { operation, resource, subresource, namespace, name } = attributes;
      if (operation === 'DELETE' && isAbout(attributes, '', 'namespaces') && immortal.has(name)) {
        throw refused(attributes, 'this namespace may not be deleted');
      }
      if (operation !== 'CREATE' || namespace === '' || isAbout(attributes, '', 'namespaces')) return;
      const found = stored.find('namespaces', namespace);
      if (found === undefined) throw notFound(namespaces, namespace);
      // Virtual resources such as access reviews may be asked about any namespace.
      if (subresource !== '' || metadataOf(found)['deletionTimestamp'] === undefined) return;
      const { status } = refused(
        attributes,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
      );
      const message = `namespace ${namespace} is being terminated`;
      const causes = [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }];
      throw statusError(403, 'Forbidden', status.message ?? '', { ...status.details, kind: resource.plural, causes });
    },
  };
}
