import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { isExternallyAccessible } from '../defaults/service-defaults.ts';
import { semanticallyEqual } from '../equality.ts';
import { itemsOf, objectAt } from '../object-path.ts';
import type { KindPreparation } from './kind-preparation.ts';

/** A Service that changes its type loses what only the old type needed, unless the client changed it as well. */
export const servicePreparation: KindPreparation = {
  update: (service, old) => {
    const spec = service['spec'];
    if (isObject(spec)) dropOfOtherType(spec, objectAt(old, 'spec'));
    const status = service['status'];
    if (isObject(spec) && isObject(status) && spec['type'] !== 'LoadBalancer') status['loadBalancer'] = {};
  },
  canonicalize: (service) => {
    const spec = service['spec'];
    if (isObject(spec) && spec['type'] === 'ExternalName') delete spec['internalTrafficPolicy'];
  },
};

/** Every type but ExternalName has cluster addresses (`None` counts). */
export const needsClusterIP = (spec: ObjectValue): boolean => spec['type'] !== 'ExternalName';

/** Has ports on the nodes. */
export const needsNodePorts = (spec: ObjectValue): boolean =>
  spec['type'] === 'NodePort' || (isLoadBalancer(spec) && spec['allocateLoadBalancerNodePorts'] !== false);

/** Load balancers ask a port of the node whether it has endpoints. */
export const needsHealthCheckPort = (spec: ObjectValue): boolean =>
  isLoadBalancer(spec) && spec['externalTrafficPolicy'] === 'Local';

const isLoadBalancer = (spec: ObjectValue): boolean => spec['type'] === 'LoadBalancer';

/** Fields that go when the need for them goes. */
const dependent: readonly {
  readonly isNeeded: (spec: ObjectValue) => boolean;
  readonly fields: readonly string[];
}[] = [
  { isNeeded: needsClusterIP, fields: ['ipFamilies'] },
  { isNeeded: needsClusterIP, fields: ['ipFamilyPolicy'] },
  { isNeeded: needsClusterIP, fields: ['clusterIP', 'clusterIPs'] },
  { isNeeded: needsHealthCheckPort, fields: ['healthCheckNodePort'] },
  { isNeeded: isLoadBalancer, fields: ['allocateLoadBalancerNodePorts'] },
  { isNeeded: isLoadBalancer, fields: ['loadBalancerClass'] },
  { isNeeded: isExternallyAccessible, fields: ['externalTrafficPolicy'] },
];

function dropOfOtherType(spec: ObjectValue, before: ObjectValue): void {
  for (const { isNeeded, fields } of dependent) {
    if (!isNeeded(before) || isNeeded(spec)) continue;
    if (!fields.every((field) => semanticallyEqual(spec[field], before[field]))) continue;
    for (const field of fields) delete spec[field];
  }
  if (needsNodePorts(before) && !needsNodePorts(spec) && sameNodePorts(spec, before)) {
    for (const port of itemsOf(spec, 'ports')) delete port['nodePort'];
  }
}

function sameNodePorts(spec: ObjectValue, before: ObjectValue): boolean {
  const ports = (of: ObjectValue): unknown[] => itemsOf(of, 'ports').map((port) => port['nodePort'] ?? 0);
  return JSON.stringify(ports(spec)) === JSON.stringify(ports(before));
}
