import { isObject } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { itemsOf, numberAt, textAt, textsAt } from '../builtin/object-path.ts';
import { semanticallyEqual } from '../builtin/equality.ts';
import { needsClusterIP, needsHealthCheckPort, needsNodePorts } from '../builtin/preparation/service-preparation.ts';

/** An update that leaves out what was given before keeps it. */
export function keepAllocated(spec: ObjectValue, before: ObjectValue): void {
  if (needsClusterIP(before) && needsClusterIP(spec)) {
    if (textAt(spec, 'clusterIP') === '') copy(spec, before, 'clusterIP');
    if (textsAt(spec, 'clusterIPs').length === 0) copy(spec, before, 'clusterIPs');
  }
  if (needsNodePorts(before) && needsNodePorts(spec)) keepNodePorts(spec, before);
  if (needsHealthCheckPort(before) && needsHealthCheckPort(spec) && !spec['healthCheckNodePort']) {
    copy(spec, before, 'healthCheckNodePort');
  }
}

function copy(spec: ObjectValue, before: ObjectValue, field: string): void {
  const value = before[field];
  if (value !== undefined) spec[field] = Array.isArray(value) || isObject(value) ? structuredClone(value) : value;
}

/** By the name of the port, unless the number now belongs to another one. */
function keepNodePorts(spec: ObjectValue, before: ObjectValue): void {
  const ports = itemsOf(spec, 'ports');
  const given = new Set(ports.map((port) => numberAt(port, 'nodePort') ?? 0));
  const byName = new Map(
    itemsOf(before, 'ports').map((port) => [textAt(port, 'name'), numberAt(port, 'nodePort') ?? 0]),
  );
  for (const port of ports) {
    if (port['nodePort']) continue;
    const earlier = byName.get(textAt(port, 'name')) ?? 0;
    if (earlier !== 0 && !given.has(earlier)) port['nodePort'] = earlier;
  }
}

/** `clusterIP` and `clusterIPs[0]` are the same thing; clients that know only the former mean both. */
export function syncClusterIPs(spec: ObjectValue, before: ObjectValue | undefined): void {
  const single = textAt(spec, 'clusterIP');
  const plural = textsAt(spec, 'clusterIPs');
  if (before === undefined) {
    if (single !== '' && plural.length === 0) spec['clusterIPs'] = [single];
    return;
  }
  const earlier = textAt(before, 'clusterIP');
  if (plural.length === 0 && earlier === single) copy(spec, before, 'clusterIPs');
  if (earlier === single || !semanticallyEqual(spec['clusterIPs'], before['clusterIPs'])) return;
  if (single === '') delete spec['clusterIPs'];
  else spec['clusterIPs'] = [single];
}
