import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { addressFamily, addressWarnings, legacyAddress } from '../addresses.ts';
import { portNumber } from '../checks.ts';
import { domainPath } from '../domain-path.ts';
import { checkImmutable } from '../immutable.ts';
import { dnsLabel, dnsSubdomain, pathSegment, portName, wildcardSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const classNote = 'kubernetes.io/ingress.class';
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badEndings = ['/..', '/.'];

function checkHost(problems: Problems, path: string, host: string): void {
  problems.text(path, host, host.includes('*') ? wildcardSubdomain : dnsSubdomain);
}

function checkIngress(problems: Problems, ingress: ObjectValue): void {
  const spec = objectAt(ingress, 'spec');
  const rules = itemsOf(spec, 'rules');
  const backend = maybeObject(spec, 'defaultBackend');
  if (rules.length === 0 && backend === undefined) {
    problems.invalid('spec', spec['rules'] ?? null, 'either `defaultBackend` or `rules` must be specified');
  }
  if (backend !== undefined) checkBackend(problems, 'spec.defaultBackend', backend);
  for (const [index, rule] of rules.entries()) checkRule(problems, `spec.rules[${index}]`, rule);
  for (const [index, tls] of itemsOf(spec, 'tls').entries()) {
    const path = `spec.tls[${index}]`;
    for (const [place, host] of textsAt(tls, 'hosts').entries()) checkHost(problems, `${path}.hosts[${place}]`, host);
    const secret = textAt(tls, 'secretName');
    if (secret !== '') problems.text(`${path}.secretName`, secret, dnsSubdomain);
  }
  const className = spec['ingressClassName'];
  if (typeof className === 'string') problems.text('spec.ingressClassName', className, dnsSubdomain);
}

function checkRule(problems: Problems, path: string, rule: ObjectValue): void {
  const host = textAt(rule, 'host');
  if (host !== '') {
    if (addressFamily(host) !== 0) {
      problems.invalid(`${path}.host`, host, 'must be a DNS name, not an IP address');
    }
    checkHost(problems, `${path}.host`, host);
  }
  const http = maybeObject(rule, 'http');
  if (http === undefined) return;
  const paths = itemsOf(http, 'paths');
  if (paths.length === 0) problems.required(`${path}.http.paths`);
  for (const [index, item] of paths.entries()) checkPath(problems, `${path}.http.paths[${index}]`, item);
}

function checkPath(problems: Problems, at: string, item: ObjectValue): void {
  const type = item['pathType'];
  const path = textAt(item, 'path');
  if (typeof type !== 'string') return problems.required(`${at}.pathType`, 'pathType must be specified');
  if (type === 'Exact' || type === 'Prefix') {
    if (!path.startsWith('/')) problems.invalid(`${at}.path`, path, 'must be an absolute path');
    for (const bad of badSequences) {
      if (path.includes(bad)) problems.invalid(`${at}.path`, path, `must not contain '${bad}'`);
    }
    for (const bad of badEndings) {
      if (path.endsWith(bad)) problems.invalid(`${at}.path`, path, `cannot end with '${bad}'`);
    }
  } else if (type === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) problems.invalid(`${at}.path`, path, 'must be an absolute path');
  } else problems.notSupported(`${at}.pathType`, type, ['Exact', 'ImplementationSpecific', 'Prefix']);
  checkBackend(problems, `${at}.backend`, objectAt(item, 'backend'));
}

function checkBackend(problems: Problems, path: string, backend: ObjectValue): void {
  const resource = maybeObject(backend, 'resource');
  const service = maybeObject(backend, 'service');
  if (resource !== undefined && service !== undefined) {
    return problems.invalid(path, '', 'cannot set both resource and service backends');
  }
  if (resource !== undefined) return checkReference(problems, `${path}.resource`, resource);
  if (service === undefined) return problems.invalid(path, '', 'resource or service backend is required');
  const name = textAt(service, 'name');
  if (name === '') problems.required(`${path}.service.name`);
  else problems.text(`${path}.service.name`, name, dnsLabel);
  const port = objectAt(service, 'port');
  const portText = textAt(port, 'name');
  const number = numberAt(port, 'number') ?? 0;
  if (portText !== '' && number !== 0) problems.invalid(path, '', 'cannot set both port name & port number');
  else if (portText !== '') problems.text(`${path}.service.port.name`, portText, portName);
  else if (number !== 0) portNumber(problems, `${path}.service.port.number`, number);
  else problems.required(path, 'port name or number is required');
}

/** A reference to any object: group, kind and name. */
function checkReference(problems: Problems, path: string, reference: ObjectValue): void {
  const group = reference['apiGroup'];
  if (typeof group === 'string') problems.text(`${path}.apiGroup`, group, dnsSubdomain);
  for (const field of ['kind', 'name']) {
    const value = textAt(reference, field);
    if (value === '') problems.required(`${path}.${field}`);
    else problems.text(`${path}.${field}`, value, pathSegment);
  }
}

const addressesOf = (ingress: ObjectValue | undefined): readonly ObjectValue[] =>
  itemsOf(objectAt(objectAt(ingress, 'status'), 'loadBalancer'), 'ingress');

export const ingressValidator: Validator = validator({
  create: (problems, ingress) => {
    checkIngress(problems, ingress);
    const note = mapAt(metadataOf(ingress), 'annotations')[classNote];
    const className = objectAt(ingress, 'spec')['ingressClassName'];
    if (note === undefined || className === undefined || note === className) return;
    problems.invalid(`annotations.${classNote}`, note, 'must match `ingressClassName` when both are specified');
  },
  update: checkIngress,
  subresources: {
    status: (problems, ingress, old) => {
      const known = new Set(addressesOf(old).map((address) => textAt(address, 'ip')));
      for (const [index, address] of addressesOf(ingress).entries()) {
        const path = `status.loadBalancer.ingress[${index}]`;
        const ip = textAt(address, 'ip');
        const hostname = textAt(address, 'hostname');
        if (ip !== '' && !known.has(ip)) problems.text(`${path}.ip`, ip, legacyAddress);
        if (hostname === '') continue;
        problems.text(`${path}.hostname`, hostname, dnsSubdomain);
        if (addressFamily(hostname) !== 0) {
          problems.invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address');
        }
      }
    },
  },
  warnings: (ingress, old, { subresource }) => {
    if (subresource === 'status') {
      return addressesOf(ingress).flatMap((address, index) =>
        addressWarnings(`status.loadBalancer.ingress[${index}]`, textAt(address, 'ip')),
      );
    }
    const isNoted = mapAt(metadataOf(ingress), 'annotations')[classNote] !== undefined;
    if (old !== undefined || !isNoted || objectAt(ingress, 'spec')['ingressClassName'] !== undefined) return [];
    return [`annotation "${classNote}" is deprecated, please use 'spec.ingressClassName' instead`];
  },
});

function checkClass(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  const controller = textAt(spec, 'controller');
  if (controller.length > 250) problems.tooLong('spec.controller', 250);
  domainPath(problems, 'spec.controller', controller);
  const parameters = maybeObject(spec, 'parameters');
  if (parameters === undefined) return;
  const path = 'spec.parameters';
  checkReference(problems, path, parameters);
  const { scope, namespace } = parameters;
  if (typeof scope !== 'string') return problems.required(`${path}.scope`);
  if (scope === 'Namespace') {
    if (typeof namespace !== 'string') {
      problems.required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'");
    } else problems.text(`${path}.namespace`, namespace, dnsLabel);
  } else if (scope !== 'Cluster') problems.notSupported(`${path}.scope`, scope, ['Cluster', 'Namespace']);
  else if (namespace !== undefined) {
    problems.forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'");
  }
}

export const ingressClassValidator: Validator = validator({
  create: checkClass,
  update: (problems, object, old) => {
    checkImmutable(problems, 'spec.controller', object, old);
    checkClass(problems, object);
  },
});
