import type { ResourceDescriptor } from '@reeve/api';
import type { ClusterRole, PolicyRule } from '@reeve/api/rbac/v1';
import type { Controller } from '../controller/controller.ts';
import type { LeaderElectionOptions } from './manager.ts';

const watched = ['get', 'list', 'watch'];
/** `own` creates and changes by apply, which is a patch; objects that are no longer wanted are deleted. */
const owned = [...watched, 'create', 'patch', 'delete'];
const statusWritten = ['get', 'patch', 'update'];

interface Grant {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

const grant = ({ group, plural }: ResourceDescriptor, verbs: readonly string[], part = ''): Grant => ({
  group,
  resource: plural + part,
  verbs,
});

function grantsOf({ resource, options }: Controller): readonly Grant[] {
  const plain = (declared: ResourceDescriptor | { readonly resource: ResourceDescriptor }): ResourceDescriptor =>
    'resource' in declared ? declared.resource : declared;
  const finalizers = options.finalize === undefined ? [] : [grant(resource, ['patch'])];
  return [
    grant(resource, watched),
    grant(resource, statusWritten, '/status'),
    // Setting blockOwnerDeletion on what it owns needs this where OwnerReferencesPermissionEnforcement is on.
    grant(resource, ['update'], '/finalizers'),
    ...finalizers,
    ...(options.owns ?? []).map((declared) => grant(plain(declared), owned)),
    ...(options.watches ?? []).map(({ resource: source }) => grant(source, watched)),
    ...(options.reads ?? []).map((declared) => grant(plain(declared), watched)),
  ];
}

/** Resources with the same verbs of one group become one rule; the order is always the same. */
function rulesOf(grants: readonly Grant[]): readonly PolicyRule[] {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verbs: granted } of grants) {
    const id = `${group}/${resource}`;
    verbs.set(id, new Set([...(verbs.get(id) ?? []), ...granted]));
  }
  const split = (id: string): readonly [group: string, resource: string] => {
    const slash = id.indexOf('/');
    return [id.slice(0, slash), id.slice(slash + 1)];
  };
  const alike = Map.groupBy(
    [...verbs].toSorted(),
    ([id, granted]) => `${split(id)[0]} ${[...granted].toSorted().join()}`,
  );
  return [...alike.values()].map((entries) => ({
    apiGroups: entries.slice(0, 1).map(([id]) => split(id)[0]),
    resources: entries.map(([id]) => split(id)[1]),
    verbs: entries.slice(0, 1).flatMap(([, granted]) => [...granted].toSorted()),
  }));
}

const events: Grant = { group: 'events.k8s.io', resource: 'events', verbs: ['create', 'patch'] };
const leases: Grant = { group: 'coordination.k8s.io', resource: 'leases', verbs: ['create', 'get', 'update'] };

/** What controllers declare, as RBAC rules: no more and no less than they need. */
export function permissionsOf(
  controllers: readonly Controller[],
  election: LeaderElectionOptions | undefined,
): readonly PolicyRule[] {
  const declared = controllers.flatMap(grantsOf);
  const own = controllers.flatMap(({ options }) => options.permissions ?? []);
  return [...rulesOf([...declared, events, ...(election === undefined ? [] : [leases])]), ...own];
}

/** A ClusterRole with the rules. */
export function clusterRole(name: string, rules: readonly PolicyRule[]): ClusterRole {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
}
