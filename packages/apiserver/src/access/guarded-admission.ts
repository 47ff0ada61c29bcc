import type { Admission, AdmissionAttributes } from '../parts.ts';
import { denied } from './attributes.ts';
import { authorize } from './authorizer.ts';
import { checkEscalation } from './escalation.ts';
import type { RoleReader } from './rule-resolver.ts';

const roleResources = new Set(['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings']);

/**
 * Adds to admission the checks of access that need the object: nobody hands out rights he lacks, and what a PUT or an
 * apply creates needs the right to create that name.
 */
export function guardedAdmission(reader: RoleReader, admission: Admission): Admission {
  return {
    async mutate(attributes) {
      await admission.mutate(attributes);
      checkRoles(reader, attributes);
    },
    async validate(attributes) {
      checkCreate(reader, attributes);
      await admission.validate(attributes);
    },
  };
}

function checkRoles(reader: RoleReader, { resource, user, namespace, name, object, old }: AdmissionAttributes): void {
  if (resource.group !== 'rbac.authorization.k8s.io' || !roleResources.has(resource.plural)) return;
  if (object === undefined) return;
  const requestName = old === undefined ? '' : name;
  checkEscalation(reader, { user, resource: resource.plural, namespace, requestName, object, old });
}

function checkCreate(reader: RoleReader, attributes: AdmissionAttributes): void {
  const { operation, resource, subresource, user, namespace, name } = attributes;
  if (operation !== 'CREATE' || subresource !== '') return;
  const asked = { verb: 'create', group: resource.group, resource: resource.plural, subresource: '', namespace, name };
  const { allowed, reason } = authorize(reader, user, asked);
  if (!allowed) throw denied(user, asked, reason);
}
