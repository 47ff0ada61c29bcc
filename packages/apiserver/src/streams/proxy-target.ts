import type { PodAddress } from '@reeve/api';
import type { Core } from '../parts.ts';
import type { RequestInfo } from '../request/request-info.ts';
import { badRequest, notFound, statusError, type StatusError } from '../status-error.ts';
import { valueAt } from '../subresources/scale-shape.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import { assignedAddress, podOf } from './pod-target.ts';

/** Where a proxied request goes. */
export interface ProxyTarget {
  readonly pod: PodAddress;
  readonly port: number;
}

interface ProxyName {
  readonly name: string;
  /** A number or, for services, the name of a port; '' for the only one. */
  readonly port: string;
}

/** `name`, `name:port` or `scheme:name:port`. */
function parseProxyName(id: string): ProxyName {
  const parts = id.split(':');
  if (parts.length === 3) return { name: parts[1] ?? '', port: parts[2] ?? '' };
  if (parts.length <= 2) return { name: parts[0] ?? '', port: parts[1] ?? '' };
  throw badRequest(`invalid proxy request ${JSON.stringify(id)}`);
}

function list(value: Value | undefined): readonly ObjectValue[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A pod's own port, or the first that it names. */
export function podTarget(core: Core, info: RequestInfo): ProxyTarget {
  const { name, port } = parseProxyName(info.name);
  const pod = podOf(core, { namespace: info.namespace, name });
  const named = list(valueAt(pod, ['spec', 'containers'])).flatMap(({ ports }) => list(ports));
  const number = port === '' ? Number(named[0]?.['containerPort'] ?? 80) : Number(port);
  if (!Number.isInteger(number)) throw badRequest(`invalid port ${JSON.stringify(port)}`);
  return { pod: assignedAddress(core, pod), port: number };
}

const unavailable = (message: string): StatusError => statusError(503, 'ServiceUnavailable', message);

/** One of the ready pods behind a service. */
export function serviceTarget(core: Core, info: RequestInfo): ProxyTarget {
  const { name, port } = parseProxyName(info.name);
  const endpoints = find(core, 'endpoints', info.namespace, name);
  const portName = /^\d+$/.test(port) ? nameOfPort(core, info.namespace, name, Number(port)) : port;
  if (endpoints === undefined) throw notFound({ group: '', plural: 'services' }, name);
  for (const subset of list(endpoints['subsets'])) {
    const found = list(subset['ports']).find((candidate) => (candidate['name'] ?? '') === portName);
    const target = list(subset['addresses']).map((address) => valueAt(address, ['targetRef', 'name']))[0];
    if (found === undefined || typeof target !== 'string') continue;
    const pod = podOf(core, { namespace: info.namespace, name: target });
    return { pod: assignedAddress(core, pod), port: Number(found['port']) };
  }
  throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
}

function nameOfPort(core: Core, namespace: string, name: string, port: number): string {
  const service = find(core, 'services', namespace, name);
  if (service === undefined) throw notFound({ group: '', plural: 'services' }, name);
  const found = list(valueAt(service, ['spec', 'ports'])).find((candidate) => candidate['port'] === port);
  if (found === undefined) throw unavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  return String(found['name'] ?? '');
}

function find(
  { registry, operations }: Core,
  plural: string,
  namespace: string,
  name: string,
): ObjectValue | undefined {
  const resource = registry.find('', 'v1', plural);
  return resource === undefined ? undefined : operations.find(resource, namespace, name);
}
