import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';
import type { ObjectValue } from '../value.ts';
import type { RoleReader } from './rule-resolver.ts';

const rbac = 'rbac.authorization.k8s.io';

/** Parsed once for each version of a role or binding, as every request reads all bindings. */
function parsed(stored: Stored): ObjectValue {
  return stored.form('parsed', () => stored.object());
}

/** The roles and bindings of a store, as they are at the moment of the question. */
export function storedRoles(store: Store): RoleReader {
  const get = (collection: string, key: string): ObjectValue | undefined => {
    const stored = store.get(`${collection}.${rbac}`, key);
    return stored === undefined ? undefined : parsed(stored);
  };
  function* scan(collection: string, prefix: string): Generator<ObjectValue> {
    for (const stored of store.scan(`${collection}.${rbac}`, prefix)) yield parsed(stored);
  }
  return {
    role: (namespace, name) => get('roles', `${namespace}/${name}`),
    clusterRole: (name) => get('clusterroles', name),
    roleBindings: (namespace) => scan('rolebindings', `${namespace}/`),
    clusterRoleBindings: () => scan('clusterrolebindings', ''),
  };
}
