import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { itemsOf, objectAt, textAt } from '../object-path.ts';

/** Three hours. */
const affinitySeconds = 10_800;

/** Sets what a Service's spec leaves open; its addresses are given out later. */
export function defaultService(service: ObjectValue): void {
  const spec = service['spec'];
  if (!isObject(spec)) return;
  defaultAffinity(spec);
  spec['type'] ||= 'ClusterIP';
  for (const port of itemsOf(spec, 'ports')) defaultPort(port);
  if (isExternallyAccessible(spec) && !spec['externalTrafficPolicy']) spec['externalTrafficPolicy'] = 'Cluster';
  if (spec['type'] !== 'ExternalName') spec['internalTrafficPolicy'] ??= 'Cluster';
  if (spec['type'] !== 'LoadBalancer') return;
  spec['allocateLoadBalancerNodePorts'] ??= true;
  for (const ingress of itemsOf(objectAt(objectAt(service, 'status'), 'loadBalancer'), 'ingress')) {
    if (textAt(ingress, 'ip') !== '') ingress['ipMode'] ??= 'VIP';
  }
}

/** Reachable from outside the cluster, so that external traffic needs a policy. */
export function isExternallyAccessible(spec: ObjectValue): boolean {
  const type = textAt(spec, 'type');
  const externalIPs = spec['externalIPs'];
  return (
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && Array.isArray(externalIPs) && externalIPs.length > 0)
  );
}

function defaultAffinity(spec: ObjectValue): void {
  spec['sessionAffinity'] ||= 'None';
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] !== 'ClientIP') return;
  const client = objectAt(objectAt(spec, 'sessionAffinityConfig'), 'clientIP');
  if (client['timeoutSeconds'] === undefined) {
    spec['sessionAffinityConfig'] = { clientIP: { timeoutSeconds: affinitySeconds } };
  }
}

function defaultPort(port: ObjectValue): void {
  port['protocol'] ||= 'TCP';
  const target = port['targetPort'];
  if ((target === undefined || target === 0 || target === '') && port['port'] !== undefined) {
    port['targetPort'] = port['port'];
  }
}
