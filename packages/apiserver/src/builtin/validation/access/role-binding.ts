import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { itemsOf, objectAt, textAt } from '../../object-path.ts';
import { dnsSubdomain, pathSegment } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const rbac = 'rbac.authorization.k8s.io';

function checkRef(problems: Problems, binding: ObjectValue, kinds: readonly string[]): void {
  const ref = objectAt(binding, 'roleRef');
  const [group, kind, name] = [textAt(ref, 'apiGroup'), textAt(ref, 'kind'), textAt(ref, 'name')];
  if (group !== rbac) problems.notSupported('roleRef.apiGroup', group, [rbac]);
  if (!kinds.includes(kind)) problems.notSupported('roleRef.kind', kind, kinds);
  if (name === '') problems.required('roleRef.name');
  else problems.text('roleRef.name', name, pathSegment);
}

function checkSubject(problems: Problems, subject: ObjectValue, path: string, namespaced: boolean): void {
  const [group, kind, name] = [textAt(subject, 'apiGroup'), textAt(subject, 'kind'), textAt(subject, 'name')];
  if (name === '') problems.required(`${path}.name`);
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') problems.text(`${path}.name`, name, dnsSubdomain);
      if (group !== '') problems.notSupported(`${path}.apiGroup`, group, ['']);
      if (!namespaced && textAt(subject, 'namespace') === '') problems.required(`${path}.namespace`);
      return;
    case 'User':
    case 'Group':
      if (group !== rbac) problems.notSupported(`${path}.apiGroup`, group, [rbac]);
      return;
    default:
      problems.notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
  }
}

/** Go prints the reference as a struct, with its own field names. */
function shown(binding: ObjectValue): unknown {
  const ref = objectAt(binding, 'roleRef');
  return { APIGroup: textAt(ref, 'apiGroup'), Kind: textAt(ref, 'kind'), Name: textAt(ref, 'name') };
}

function bindingValidator(kinds: readonly string[], namespaced: boolean): Validator {
  const create = (problems: Problems, binding: ObjectValue): void => {
    checkRef(problems, binding, kinds);
    for (const [index, subject] of itemsOf(binding, 'subjects').entries()) {
      checkSubject(problems, subject, `subjects[${index}]`, namespaced);
    }
  };
  return validator({
    create,
    update(problems, binding, old) {
      create(problems, binding);
      if (semanticallyEqual(binding['roleRef'], old['roleRef'])) return;
      problems.invalid('roleRef', shown(binding), 'cannot change roleRef');
    },
  });
}

export const roleBindingValidator: Validator = bindingValidator(['Role', 'ClusterRole'], true);
export const clusterRoleBindingValidator: Validator = bindingValidator(['ClusterRole'], false);
