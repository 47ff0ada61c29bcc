import { toCel } from '../../cel/json-value.ts';
import type { CelValue } from '../../cel/value.ts';
import type { AdmissionAttributes, Authorize } from '../../parts.ts';
import type { ObjectValue } from '../../value.ts';
import { AuthorizerValue } from './authorizer.ts';
import type { Bindings } from './compiled-policy.ts';
import { namespaceDeclaration, objectDeclaration, requestDeclaration } from './environment.ts';

const optionKinds = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: 'ConnectOptions',
} as const;

/** A request as policies and webhooks hear of it (admission.k8s.io/v1 AdmissionRequest), without the objects. */
export function requestForm(attributes: AdmissionAttributes): ObjectValue {
  const { resource, subresource, operation, user, dryRun, namespace, name } = attributes;
  const { group, version, kind, plural } = resource;
  const ofKind = { group, version, kind };
  const ofResource = { group, version, resource: plural };
  return {
    kind: ofKind,
    resource: ofResource,
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: { ...ofKind },
    requestResource: { ...ofResource },
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid === undefined || user.uid === '' ? {} : { uid: user.uid }),
      groups: [...user.groups],
      ...(user.extra === undefined
        ? {}
        : { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }),
    },
    dryRun,
    options: { kind: optionKinds[operation], apiVersion: 'meta.k8s.io/v1' },
  };
}

const shown = (value: ObjectValue | undefined): CelValue =>
  value === undefined ? null : toCel(value, objectDeclaration);

/** What the expressions of a policy see of a request. */
export function requestBindings(
  attributes: AdmissionAttributes,
  namespace: ObjectValue | undefined,
  params: ObjectValue | undefined,
  authorize: Authorize,
): Bindings {
  const { operation, object, old } = attributes;
  return {
    object: shown(operation === 'DELETE' ? undefined : object),
    oldObject: shown(old),
    request: toCel(requestForm(attributes), requestDeclaration),
    namespaceObject: namespace === undefined ? null : toCel(namespace, namespaceDeclaration),
    params: shown(params),
    authorizer: new AuthorizerValue(authorize, attributes.user, attributes),
  };
}
