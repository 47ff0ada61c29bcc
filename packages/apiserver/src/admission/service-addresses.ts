import type { Core } from '../parts.ts';
import { fieldErrors } from '../field-error.ts';
import { internalError, invalid } from '../status-error.ts';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { itemsOf, numberAt, objectAt, textAt, textsAt } from '../builtin/object-path.ts';
import { needsClusterIP, needsHealthCheckPort, needsNodePorts } from '../builtin/preparation/service-preparation.ts';
import { addressRange } from './address-range.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { completeFamilies } from './service-families.ts';
import { keepAllocated, syncClusterIPs } from './service-update.ts';
import { nodePortsOf, ServicePool } from './service-pool.ts';

const kind = { group: '', kind: 'Service' };

/**
 * Gives Services their cluster addresses and node ports, from those that no stored Service has. No plugin of
 * kube-apiserver's, but what its storage of Services does between mutation and validation.
 */
export function serviceAddresses({ options, registry, operations }: Core): AdmissionPlugin {
  const range = addressRange(options.serviceCIDR ?? '10.96.0.0/16');
  return {
    name: 'ServiceAddresses',
    mutate({ resource, subresource, operation, object, old, dryRun }) {
      if (resource.group !== '' || resource.kind !== 'Service' || subresource !== '') return;
      const spec = object?.['spec'];
      const services = registry.find('', 'v1', 'services');
      if (object === undefined || !isObject(spec) || services === undefined || operation === 'DELETE') return;
      const specs = operations.list(services).map((service) => objectAt(service, 'spec'));
      const pool = new ServicePool(range, options.random, specs, dryRun);
      const name = textAt(metadataOf(object), 'name');
      const before = old === undefined ? undefined : objectAt(old, 'spec');
      if (before !== undefined) keepAllocated(spec, before);
      syncClusterIPs(spec, before);
      completeFamilies(spec, before, name);
      allocateAddresses(spec, before, pool, name);
      allocatePorts(spec, before, pool, name);
    },
  };
}

function allocateAddresses(spec: ObjectValue, before: ObjectValue | undefined, pool: ServicePool, name: string): void {
  const [first = ''] = textsAt(spec, 'clusterIPs');
  const hadAddress = before !== undefined && needsClusterIP(before);
  if (!needsClusterIP(spec) || hadAddress || first === 'None') return;
  const address = first === '' ? pool.nextAddress() : first;
  if (address === undefined) throw internalError(`failed to allocate a serviceIP for Service "${name}": range is full`);
  const problem = first === '' ? undefined : pool.takeAddress(first);
  if (problem !== undefined) {
    const given = textsAt(spec, 'clusterIPs');
    const error = fieldErrors.invalid('spec.clusterIPs', given, `failed to allocate IP ${first}: ${problem}`);
    throw invalid(kind, name, [error]);
  }
  spec['clusterIP'] = address;
  spec['clusterIPs'] = [address];
}

function allocatePorts(spec: ObjectValue, before: ObjectValue | undefined, pool: ServicePool, name: string): void {
  const type = spec['type'];
  if (type === 'NodePort' || type === 'LoadBalancer') {
    const given = requestedPorts(spec);
    const shared = new Map<number, number>();
    const kept = new Set(before === undefined ? [] : nodePortsOf(before));
    for (const [index, port] of itemsOf(spec, 'ports').entries()) {
      const asked = numberAt(port, 'nodePort') ?? 0;
      const number = numberAt(port, 'port') ?? 0;
      if (asked === 0 && !needsNodePorts(spec)) continue;
      const wanted = asked === 0 && before === undefined ? (shared.get(number) ?? given.get(number) ?? 0) : asked;
      const isShared = before === undefined ? shared.get(number) === wanted : [...shared.values()].includes(wanted);
      const isTaken = wanted !== 0 && (isShared || kept.has(wanted));
      port['nodePort'] = isTaken ? wanted : takePort(pool, wanted, `spec.ports[${index}].nodePort`, name);
      if (!shared.has(number)) shared.set(number, Number(port['nodePort']));
    }
  }
  const hadCheck = before !== undefined && needsHealthCheckPort(before);
  if (needsHealthCheckPort(spec) && !hadCheck) allocateHealthCheck(spec, pool);
}

/** A port in another protocol may say which node port both have. */
function requestedPorts(spec: ObjectValue): ReadonlyMap<number, number> {
  const asked = itemsOf(spec, 'ports').filter((port) => (numberAt(port, 'nodePort') ?? 0) !== 0);
  return new Map(asked.map((port) => [numberAt(port, 'port') ?? 0, numberAt(port, 'nodePort') ?? 0]));
}

function takePort(pool: ServicePool, wanted: number, path: string, name: string): number {
  if (wanted !== 0) {
    const problem = pool.takePort(wanted);
    if (problem !== undefined) throw invalid(kind, name, [fieldErrors.invalid(path, wanted, problem)]);
    return wanted;
  }
  const port = pool.nextPort();
  if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
  return port;
}

function allocateHealthCheck(spec: ObjectValue, pool: ServicePool): void {
  const wanted = numberAt(spec, 'healthCheckNodePort') ?? 0;
  const problem = wanted === 0 ? undefined : pool.takePort(wanted);
  if (problem !== undefined) {
    throw internalError(`failed to allocate requested HealthCheck NodePort ${wanted}: ${problem}`);
  }
  const port = wanted === 0 ? pool.nextPort() : wanted;
  if (port === undefined) throw internalError('failed to allocate a HealthCheck NodePort 0: range is full');
  spec['healthCheckNodePort'] = port;
}
