import type { RequestInfo } from '../request/request-info.ts';
import type { UserInfo } from '../request/user.ts';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';

/** 403 in the words of kube-apiserver's default deny. */
export function refusal(user: UserInfo, info: RequestInfo, reason: string): StatusError {
  const because = reason === '' ? '' : `: ${reason}`;
  if (!info.isResource) {
    const text = `forbidden: User ${JSON.stringify(user.name)} cannot ${info.verb} path ${JSON.stringify(info.path)}${because}`;
    return statusError(403, 'Forbidden', text, {});
  }
  const { group, resource, subresource, name, namespace, verb } = info;
  const full = group === '' ? resource : `${resource}.${group}`;
  const about = name === '' ? full : `${full} ${JSON.stringify(name)}`;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return statusError(
    403,
    'Forbidden',
    `${about} is forbidden: User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${scope}${because}`,
    {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: resource,
    },
  );
}
