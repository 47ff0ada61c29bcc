import type { Core } from '../parts.ts';
import { loopbackUser } from '../request/user.ts';
import { metadataOf } from '../value.ts';
import { bootstrapPolicy } from './bootstrap-policy.ts';

const plurals: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** Makes the roles and bindings that every server has, unless they are there already. */
export async function createBootstrapRoles({ operations, registry, options }: Core): Promise<() => void> {
  const now = options.clock.now();
  const request = {
    user: loopbackUser,
    now,
    dryRun: false,
    fieldManager: 'kube-apiserver',
    subresource: '',
    warn: () => {},
  };
  for (const item of bootstrapPolicy()) {
    const plural = plurals[String(item['kind'])] ?? '';
    const resource = registry.find('rbac.authorization.k8s.io', 'v1', plural);
    const { name, namespace = '' } = metadataOf(item);
    if (resource === undefined || operations.find(resource, String(namespace), String(name)) !== undefined) continue;
    await operations.create(resource, String(namespace), structuredClone(item), request);
  }
  return () => {};
}
