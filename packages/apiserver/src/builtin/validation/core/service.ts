import { qualifiedNameErrors } from '@reeve/api';
import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { checkLabels } from '../../../meta/validate-metadata.ts';
import { isExternallyAccessible } from '../../defaults/service-defaults.ts';
import { itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { needsHealthCheckPort } from '../../preparation/service-preparation.ts';
import { semanticallyEqual } from '../../equality.ts';
import { addressFamily, addressWarnings, blockWarnings, legacyAddress, legacyBlock } from '../addresses.ts';
import { oneOf, portNumber, requiredOneOf } from '../checks.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import { checkProtocol, portNumberOrName } from '../pod/ports.ts';
import type { Problems } from '../problems.ts';
import { clusterIPErrors } from '../service-addresses-check.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { endpointAddress } from './endpoint-address.ts';

const isHeadless = (spec: ObjectValue): boolean => textsAt(spec, 'clusterIPs')[0] === 'None';
const isBalanced = (spec: ObjectValue): boolean => spec['type'] === 'LoadBalancer';
const forBalancersOnly = "may only be used when `type` is 'LoadBalancer'";

function checkService(problems: Problems, service: ObjectValue, old: ObjectValue | undefined): void {
  const spec = objectAt(service, 'spec');
  const before = maybeObject(old, 'spec');
  const type = textAt(spec, 'type');
  if (itemsOf(spec, 'ports').length === 0 && !isHeadless(spec) && type !== 'ExternalName') {
    problems.required('spec.ports');
  }
  if (isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort')) {
    problems.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
  }
  if (type === 'ExternalName') checkExternalName(problems, spec);
  checkPorts(problems, spec);
  checkLabels(problems, mapAt(spec, 'selector'), 'spec.selector');
  checkAffinity(problems, spec);
  if (type !== 'ExternalName') problems.errors.push(...clusterIPErrors(spec, before));
  checkExternalIPs(problems, spec, before);
  requiredOneOf('ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort')(problems, 'spec.type', type);
  checkPortUse(problems, spec, type);
  checkBalancer(problems, spec, before);
  checkRangesNote(problems, service, old);
  checkTraffic(problems, spec);
}

function checkExternalName(problems: Problems, spec: ObjectValue): void {
  for (const field of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    if (!semanticallyEqual(spec[field], undefined)) {
      problems.forbidden(`spec.${field}`, 'may not be set for ExternalName services');
    }
  }
  const name = textAt(spec, 'externalName').replace(/\.$/, '');
  if (name === '') problems.required('spec.externalName');
  else problems.text('spec.externalName', name, dnsSubdomain);
}

function checkPorts(problems: Problems, spec: ObjectValue): void {
  const ports = itemsOf(spec, 'ports');
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    const name = textAt(port, 'name');
    if (name !== '') {
      problems.text(`${path}.name`, name, dnsLabel);
      if (names.has(name)) problems.duplicate(`${path}.name`, name);
      names.add(name);
    } else if (ports.length > 1) problems.required(`${path}.name`);
    portNumber(problems, `${path}.port`, numberAt(port, 'port') ?? 0);
    checkProtocol(problems, `${path}.protocol`, textAt(port, 'protocol'));
    portNumberOrName(problems, `${path}.targetPort`, port['targetPort']);
    const application = textAt(port, 'appProtocol');
    if (application !== '') problems.text(`${path}.appProtocol`, application, qualifiedNameErrors);
  }
}

const maxAffinity = 86_400;

function checkAffinity(problems: Problems, spec: ObjectValue): void {
  requiredOneOf('ClientIP', 'None')(problems, 'spec.sessionAffinity', spec['sessionAffinity']);
  if (spec['sessionAffinity'] !== 'ClientIP') return;
  const seconds = numberAt(objectAt(objectAt(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds') ?? 0;
  if (seconds > 0 && seconds <= maxAffinity) return;
  const path = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
  problems.invalid(path, seconds, `must be greater than 0 and less than ${maxAffinity}`);
}

function checkExternalIPs(problems: Problems, spec: ObjectValue, before: ObjectValue | undefined): void {
  const known = new Set(textsAt(before, 'externalIPs'));
  for (const [index, address] of textsAt(spec, 'externalIPs').entries()) {
    const path = `spec.externalIPs[${index}]`;
    const errors = known.has(address) ? [] : legacyAddress(address);
    for (const detail of errors.length > 0 ? errors : endpointAddress(address)) problems.invalid(path, address, detail);
  }
}

function checkPortUse(problems: Problems, spec: ObjectValue, type: string): void {
  const ports = itemsOf(spec, 'ports');
  const hasNodePort = (port: ObjectValue): boolean => (numberAt(port, 'nodePort') ?? 0) !== 0;
  if (type === 'ClusterIP') {
    for (const [index, port] of ports.entries()) {
      const path = `spec.ports[${index}].nodePort`;
      if (hasNodePort(port)) problems.forbidden(path, "may not be used when `type` is 'ClusterIP'");
    }
  }
  const keyOf = (port: ObjectValue, field: string): string =>
    `${textAt(port, 'protocol')}/${numberAt(port, field) ?? 0}`;
  const isRepeated = (port: ObjectValue, index: number, field: string): boolean =>
    ports.slice(0, index).some((other) => keyOf(other, field) === keyOf(port, field));
  for (const [index, port] of ports.entries()) {
    if (hasNodePort(port) && isRepeated(port, index, 'nodePort')) {
      problems.duplicate(`spec.ports[${index}].nodePort`, port['nodePort']);
    }
  }
  for (const [index, port] of ports.entries()) {
    if (isRepeated(port, index, 'port')) problems.duplicate(`spec.ports[${index}]`, port);
  }
}

const rangesNote = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** Ranges may still be given as an annotation, where the field has none. */
function checkRangesNote(problems: Problems, service: ObjectValue, old: ObjectValue | undefined): void {
  const spec = objectAt(service, 'spec');
  const note = mapAt(metadataOf(service), 'annotations')[rangesNote];
  if (note === undefined || textsAt(spec, 'loadBalancerSourceRanges').length > 0) return;
  const path = `metadata.annotations[${rangesNote}]`;
  if (!isBalanced(spec)) problems.forbidden(path, forBalancersOnly);
  if (note.trim() === '' || mapAt(metadataOf(old ?? {}), 'annotations')[rangesNote] === note) return;
  for (const range of note.split(',')) problems.text(path, range.trim(), legacyBlock);
}

function checkBalancer(problems: Problems, spec: ObjectValue, before: ObjectValue | undefined): void {
  const ranges = textsAt(spec, 'loadBalancerSourceRanges');
  const known = new Set(textsAt(before, 'loadBalancerSourceRanges'));
  if (ranges.length > 0 && !isBalanced(spec)) problems.forbidden('spec.LoadBalancerSourceRanges', forBalancersOnly);
  for (const [index, range] of ranges.entries()) {
    if (!known.has(range)) problems.text(`spec.LoadBalancerSourceRanges[${index}]`, range.trim(), legacyBlock);
  }
  if (spec['allocateLoadBalancerNodePorts'] !== undefined && !isBalanced(spec)) {
    problems.forbidden('spec.allocateLoadBalancerNodePorts', forBalancersOnly);
  }
  checkBalancerClass(problems, spec);
}

function checkBalancerClass(problems: Problems, spec: ObjectValue): void {
  const name = spec['loadBalancerClass'];
  if (typeof name !== 'string') return;
  if (isBalanced(spec)) problems.text('spec.loadBalancerClass', name, qualifiedNameErrors);
  else problems.forbidden('spec.loadBalancerClass', forBalancersOnly);
}

function checkTraffic(problems: Problems, spec: ObjectValue): void {
  const policy = textAt(spec, 'externalTrafficPolicy');
  const path = 'spec.externalTrafficPolicy';
  if (isExternallyAccessible(spec)) requiredOneOf('Cluster', 'Local')(problems, path, policy);
  else if (policy !== '') problems.invalid(path, policy, 'may only be set for externally-accessible services');
  const checkPort = numberAt(spec, 'healthCheckNodePort') ?? 0;
  if (needsHealthCheckPort(spec)) {
    if (checkPort === 0) problems.required('spec.healthCheckNodePort');
    else portNumber(problems, 'spec.healthCheckNodePort', checkPort);
  } else if (checkPort !== 0) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    problems.invalid('spec.healthCheckNodePort', checkPort, detail);
  }
  oneOf('Cluster', 'Local')(problems, 'spec.internalTrafficPolicy', spec['internalTrafficPolicy']);
  const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
  oneOf(...distributions)(problems, 'spec.trafficDistribution', spec['trafficDistribution']);
}

/** What the type does not explain stays: addresses, classes, the port of the health check. */
function checkChange(problems: Problems, spec: ObjectValue, before: ObjectValue): void {
  const hadAddress = before['type'] !== 'ExternalName' && spec['type'] !== 'ExternalName';
  const earlier = textsAt(before, 'clusterIPs');
  const now = textsAt(spec, 'clusterIPs');
  if (hadAddress && earlier[0] !== undefined && now[0] !== earlier[0]) {
    if (now.length === 0) problems.invalid('spec.clusterIPs[0]', now, 'primary clusterIP can not be unset');
    else problems.invalid('spec.clusterIPs[0]', now, 'may not change once set');
  }
  const family = textsAt(before, 'ipFamilies')[0];
  const families = textsAt(spec, 'ipFamilies');
  if (hadAddress && !isHeadless(spec) && family !== undefined && families[0] !== family) {
    problems.invalid('spec.ipFamilies[0]', families, 'may not change once set');
  }
  const isSameClass = (spec['loadBalancerClass'] ?? null) === (before['loadBalancerClass'] ?? null);
  if (isBalanced(before) && isBalanced(spec) && !isSameClass) {
    problems.invalid('spec.loadBalancerClass', spec['loadBalancerClass'] ?? null, 'may not change once set');
  }
  const hadCheck = needsHealthCheckPort(before) && needsHealthCheckPort(spec);
  if (hadCheck && spec['healthCheckNodePort'] !== before['healthCheckNodePort']) {
    problems.forbidden('spec.healthCheckNodePort', 'field is immutable');
  }
}

function checkStatus(problems: Problems, service: ObjectValue, old: ObjectValue): void {
  const ingress = itemsOf(objectAt(objectAt(service, 'status'), 'loadBalancer'), 'ingress');
  const path = 'status.loadBalancer.ingress';
  if (!isBalanced(objectAt(service, 'spec')) && ingress.length > 0) {
    return problems.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
  }
  const before = itemsOf(objectAt(objectAt(old, 'status'), 'loadBalancer'), 'ingress');
  const known = new Set(before.map((item) => textAt(item, 'ip')));
  for (const [index, item] of ingress.entries()) checkIngress(problems, `${path}[${index}]`, item, known);
}

function checkIngress(problems: Problems, path: string, item: ObjectValue, known: ReadonlySet<string>): void {
  const address = textAt(item, 'ip');
  const mode = textAt(item, 'ipMode');
  if (address !== '' && !known.has(address)) problems.text(`${path}.ip`, address, legacyAddress);
  if (mode === '') {
    if (address !== '') problems.required(`${path}.ipMode`, 'must be specified when `ip` is set');
  } else if (address === '') problems.forbidden(`${path}.ipMode`, 'may not be specified when `ip` is not set');
  else oneOf('Proxy', 'VIP')(problems, `${path}.ipMode`, mode);
  checkBalancerName(problems, `${path}.hostname`, textAt(item, 'hostname'));
}

/** The name of a load balancer, which is no address. */
export function checkBalancerName(problems: Problems, path: string, name: string): void {
  if (name === '') return;
  problems.text(path, name, dnsSubdomain);
  if (addressFamily(name) !== 0) problems.invalid(path, name, 'must be a DNS name, not an IP address');
}

const hints = 'service.kubernetes.io/topology-aware-hints';

function warnings(service: ObjectValue): readonly string[] {
  const spec = objectAt(service, 'spec');
  const external = textsAt(spec, 'externalIPs');
  const isNamed = spec['type'] === 'ExternalName';
  const listed = (field: string): readonly (readonly [string, string])[] =>
    textsAt(spec, field).map((address, index) => [`spec.${field}[${index}]`, address] as const);
  const annotated = hints in mapAt(metadataOf(service), 'annotations');
  const when = (condition: boolean, text: string): readonly string[] => (condition ? [text] : []);
  return [
    ...when(annotated, `annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`),
    ...listed('clusterIPs').flatMap(([path, address]) => addressWarnings(path, address)),
    ...headlessWarnings(spec),
    ...listed('externalIPs').flatMap(([path, address]) => addressWarnings(path, address)),
    ...when(
      external.length > 0 && !isHeadless(spec) && !isNamed,
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ),
    ...addressWarnings('spec.loadBalancerIP', textAt(spec, 'loadBalancerIP')),
    ...listed('loadBalancerSourceRanges').flatMap(([path, range]) => blockWarnings(path, range)),
    ...when(isNamed && external.length > 0, 'spec.externalIPs is ignored when spec.type is "ExternalName"'),
    ...when(
      !isNamed && textAt(spec, 'externalName') !== '',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ),
    ...when(
      spec['trafficDistribution'] === 'PreferClose',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ),
  ];
}

function headlessWarnings(spec: ObjectValue): readonly string[] {
  if (!isHeadless(spec)) return [];
  const ignored: readonly (readonly [string, boolean])[] = [
    ['loadBalancerIP', textAt(spec, 'loadBalancerIP') !== ''],
    ['externalIPs', textsAt(spec, 'externalIPs').length > 0],
    ['SessionAffinity', spec['sessionAffinity'] !== 'None'],
  ];
  return ignored.filter(([, isGiven]) => isGiven).map(([field]) => `spec.${field} is ignored for headless services`);
}

export const serviceValidator: Validator = validator({
  create: (problems, service) => checkService(problems, service, undefined),
  update: (problems, service, old) => {
    checkChange(problems, objectAt(service, 'spec'), objectAt(old, 'spec'));
    checkService(problems, service, old);
  },
  subresources: { status: checkStatus },
  warnings: (service, _, { subresource }) => (subresource === '' ? warnings(service) : []),
});
