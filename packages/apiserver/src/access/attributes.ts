import type { AccessAttributes } from '../parts.ts';
import { statusError, type StatusError } from '../status-error.ts';
import type { UserInfo } from '../request/user.ts';

/** What is asked for on a resource. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** '' for the object itself. */
  readonly subresource: string;
  /** '' at the cluster scope. */
  readonly namespace: string;
  readonly name: string;
}

/** What is asked for on a path outside of the resources, such as `/version`. */
export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export type Attributes = ResourceAttributes | PathAttributes;

export function isPath(attributes: Attributes): attributes is PathAttributes {
  return 'path' in attributes;
}

/** What a request asks for. */
export function attributesOf(info: AccessAttributes): Attributes {
  const { isResource, verb, path, group, resource, subresource, namespace, name } = info;
  return isResource ? { verb, group, resource, subresource, namespace, name } : { verb, path };
}

/** `pods/log`, or `pods` where there is no subresource. */
export function qualifiedName({ resource, subresource }: ResourceAttributes): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}

function describeDenial(user: UserInfo, attributes: Attributes): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${attributes.verb}`;
  if (isPath(attributes)) return `${who} path ${JSON.stringify(attributes.path)}`;
  const scope = attributes.namespace === '' ? 'at the cluster scope' : `in the namespace "${attributes.namespace}"`;
  return `${who} resource "${qualifiedName(attributes)}" in API group "${attributes.group}" ${scope}`;
}

/** The 403 of a request that the authorizer did not allow. */
export function denied(user: UserInfo, attributes: Attributes, reason: string): StatusError {
  const text = `${describeDenial(user, attributes)}${reason === '' ? '' : `: ${reason}`}`;
  if (isPath(attributes)) return statusError(403, 'Forbidden', `forbidden: ${text}`, {});
  const { group, resource, name } = attributes;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const object = name === '' ? qualified : `${qualified} ${JSON.stringify(name)}`;
  return statusError(403, 'Forbidden', `${object} is forbidden: ${text}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  });
}
