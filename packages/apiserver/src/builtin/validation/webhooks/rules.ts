import type { ObjectValue } from '../../../value.ts';
import { textsAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

/** A list that must have items; `*` stands alone. */
function checkList(problems: Problems, path: string, items: readonly string[], others: string): void {
  if (items.length === 0) problems.required(path);
  if (items.length < 2 || !items.includes('*')) return;
  problems.invalid(path, items, `if '*' is present, must not specify other ${others}`);
}

/** What a webhook or policy is called for; policies that change objects know no deletion. */
export function checkRule(
  problems: Problems,
  path: string,
  rule: ObjectValue,
  allowed: readonly string[] = operations,
): void {
  const verbs = textsAt(rule, 'operations');
  checkList(problems, `${path}.operations`, verbs, 'operations');
  for (const [index, verb] of verbs.entries()) {
    if (!allowed.includes(verb)) problems.notSupported(`${path}.operations[${index}]`, verb, allowed);
  }
  checkList(problems, `${path}.apiGroups`, textsAt(rule, 'apiGroups'), 'API groups');
  const versions = textsAt(rule, 'apiVersions');
  checkList(problems, `${path}.apiVersions`, versions, 'API versions');
  for (const [index, version] of versions.entries()) {
    if (version === '') problems.required(`${path}.apiVersions[${index}]`);
  }
  checkResources(problems, `${path}.resources`, textsAt(rule, 'resources'));
  const scope = rule['scope'];
  if (typeof scope === 'string' && !scopes.includes(scope)) problems.notSupported(`${path}.scope`, scope, scopes);
}

function checkResources(problems: Problems, path: string, resources: readonly string[]): void {
  if (resources.length === 0) problems.required(path);
  const wholeSubresources = new Set<string>();
  const wholeResources = new Set<string>();
  let isPlainLast = false;
  for (const [index, name] of resources.entries()) {
    const at = `${path}[${index}]`;
    if (name === '') {
      problems.required(at);
      continue;
    }
    const [resource = '', ...rest] = name.split('/');
    if (rest.length === 0) {
      isPlainLast = name !== '*';
      continue;
    }
    const part = rest.join('/');
    if (wholeSubresources.has(resource)) {
      problems.invalid(at, name, `if '${resource}/*' is present, must not specify ${name}`);
    }
    if (wholeResources.has(part)) problems.invalid(at, name, `if '*/${part}' is present, must not specify ${name}`);
    if (part === '*') wholeSubresources.add(resource);
    if (resource === '*') wholeResources.add(part);
  }
  if (resources.length > 1 && resources.includes('*/*')) {
    problems.invalid(path, resources, "if '*/*' is present, must not specify other resources");
  }
  if (resources.includes('*') && isPlainLast) {
    problems.invalid(path, resources, "if '*' is present, must not specify other resources without subresources");
  }
}
