import { maybeObject, objectAt, mapAt, textAt } from '../../builtin/object-path.ts';
import type { Core } from '../../parts.ts';
import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { selectorAt } from './match-rules.ts';

/** What a policy is evaluated with, once for each; undefined: without parameters. Or why that cannot be told. */
type Params = { readonly params: readonly (ObjectValue | undefined)[] } | { readonly problem: string };

/** Why the parameters of a policy cannot be found at all. */
export function paramKindProblem({ registry }: Core, policy: ObjectValue): string | undefined {
  const kind = maybeObject(objectAt(policy, 'spec'), 'paramKind');
  if (kind === undefined || paramResource({ registry }, kind) !== undefined) return undefined;
  const version = textAt(kind, 'apiVersion');
  const shown = version.includes('/') ? version : `/${version}`;
  return `failed to find resource referenced by paramKind: '${shown}, Kind=${textAt(kind, 'kind')}'`;
}

function paramResource({ registry }: Pick<Core, 'registry'>, kind: ObjectValue): ReturnType<Core['registry']['find']> {
  const [version = '', group = ''] = textAt(kind, 'apiVersion').split('/').reverse();
  return registry.findKind(group, textAt(kind, 'kind'), version);
}

/** The parameters that a binding gives its policy. */
export function paramsOf(core: Core, policy: ObjectValue, binding: ObjectValue, namespace: string): Params {
  const kind = maybeObject(objectAt(policy, 'spec'), 'paramKind');
  const reference = maybeObject(objectAt(binding, 'spec'), 'paramRef');
  const resource = kind === undefined ? undefined : paramResource(core, kind);
  if (resource === undefined || reference === undefined) return { params: [undefined] };
  const given = textAt(reference, 'namespace');
  if (!resource.namespaced && given !== '') {
    return { problem: 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`' };
  }
  const place = resource.namespaced ? given || namespace : '';
  if (resource.namespaced && place === '') {
    return { problem: 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources' };
  }
  const name = textAt(reference, 'name');
  const selects = selectorAt(reference, 'selector');
  const found =
    name === ''
      ? core.operations
          .list(resource, resource.namespaced ? place : undefined)
          .filter((object) => selects?.(mapAt(metadataOf(object), 'labels')) ?? false)
      : [core.operations.find(resource, place, name)].filter((object) => object !== undefined);
  if (found.length === 0 && textAt(reference, 'parameterNotFoundAction') === 'Deny') {
    return { problem: 'no params found for policy binding with `Deny` parameterNotFoundAction' };
  }
  return { params: found };
}
