import type { NodeContainer, PodAddress } from '@reeve/api';
import type { Core } from '../parts.ts';
import type { RequestInfo } from '../request/request-info.ts';
import { badRequest, notFound } from '../status-error.ts';
import { valueAt } from '../subresources/scale-shape.ts';
import { isObject, metadataOf, type ObjectValue } from '../value.ts';

const podsResource = { group: '', plural: 'pods' };

/** The pod that a request is about; 404 if it is not there. */
export function podOf(
  { registry, operations }: Core,
  { namespace, name }: Pick<RequestInfo, 'namespace' | 'name'>,
): ObjectValue {
  const resource = registry.find('', 'v1', 'pods');
  const pod = resource === undefined ? undefined : operations.find(resource, namespace, name);
  if (pod === undefined) throw notFound(podsResource, name);
  return pod;
}

/** Where a pod runs; undefined while no node is chosen. The real server's 404 names the pods' resource. */
export function addressOf({ registry, operations }: Core, pod: ObjectValue): PodAddress | undefined {
  const node = valueAt(pod, ['spec', 'nodeName']);
  if (typeof node !== 'string' || node === '') return undefined;
  const nodes = registry.find('', 'v1', 'nodes');
  if (nodes === undefined || operations.find(nodes, '', node) === undefined) throw notFound(podsResource, node);
  const { namespace, name, uid } = metadataOf(pod);
  return { node, namespace: String(namespace), pod: String(name), uid: String(uid) };
}

export function assignedAddress(core: Core, pod: ObjectValue): PodAddress {
  const address = addressOf(core, pod);
  if (address === undefined) throw badRequest(`pod ${String(metadataOf(pod)['name'])} does not have a host assigned`);
  return address;
}

function namesIn(pod: ObjectValue, field: string): readonly string[] {
  const list = valueAt(pod, ['spec', field]);
  return Array.isArray(list) ? list.filter(isObject).map(({ name }) => String(name)) : [];
}

/** The container asked for, or the only one that there is. */
export function containerOf(pod: ObjectValue, asked: string): string {
  const name = String(metadataOf(pod)['name']);
  const containers = namesIn(pod, 'containers');
  const all = [...namesIn(pod, 'initContainers'), ...containers, ...namesIn(pod, 'ephemeralContainers')];
  if (asked !== '') {
    if (all.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${all.join(' ')}]`);
}

/** The running place of a container for exec and attach. */
export function containerAddress(core: Core, info: RequestInfo): NodeContainer {
  const pod = podOf(core, info);
  const container = containerOf(pod, info.query.get('container') ?? '');
  return { ...assignedAddress(core, pod), container };
}
