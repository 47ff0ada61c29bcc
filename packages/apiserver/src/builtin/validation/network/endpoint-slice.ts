import { labelValueErrors, qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { checkLabels } from '../../../meta/validate-metadata.ts';
import { semanticallyEqual } from '../../equality.ts';
import { itemsOf, mapAt, maybeObject, objectAt, textAt, textsAt } from '../../object-path.ts';
import { addressFamily, canonicalAddress, legacyAddress } from '../addresses.ts';
import { requiredOneOf } from '../checks.ts';
import { endpointAddress } from '../core/endpoint-address.ts';
import { checkImmutable } from '../immutable.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import type { TextRule } from '../names.ts';
import { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const limits = { endpoints: 1000, addresses: 100, ports: 20_000, hints: 8, topology: 16 };

function checkPorts(problems: Problems, slice: ObjectValue): void {
  const ports = itemsOf(slice, 'ports');
  if (ports.length > limits.ports) return problems.tooMany('ports', ports.length, limits.ports);
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `ports[${index}]`;
    const name = textAt(port, 'name');
    if (name !== '') problems.text(`${path}.name`, name, dnsLabel);
    if (names.has(name)) problems.duplicate(`${path}.name`, name);
    names.add(name);
    requiredOneOf('SCTP', 'TCP', 'UDP')(problems, `${path}.protocol`, port['protocol']);
    const protocol = port['appProtocol'];
    if (typeof protocol === 'string') problems.text(`${path}.appProtocol`, protocol, qualifiedNameErrors);
  }
}

function checkEndpoints(problems: Problems, slice: ObjectValue): void {
  const endpoints = itemsOf(slice, 'endpoints');
  if (endpoints.length > limits.endpoints) {
    return problems.tooMany('endpoints', endpoints.length, limits.endpoints);
  }
  const type = textAt(slice, 'addressType');
  for (const [index, endpoint] of endpoints.entries()) checkEndpoint(problems, `endpoints[${index}]`, endpoint, type);
}

function checkEndpoint(problems: Problems, path: string, endpoint: ObjectValue, type: string): void {
  const at = `${path}.addresses`;
  const addresses = textsAt(endpoint, 'addresses');
  if (addresses.length === 0) problems.required(at, 'must contain at least 1 address');
  else if (addresses.length > limits.addresses) problems.tooMany(at, addresses.length, limits.addresses);
  for (const [index, address] of addresses.entries()) checkAddress(problems, at, index, address, type);
  const node = endpoint['nodeName'];
  if (typeof node === 'string') problems.text(`${path}.nodeName`, node, dnsSubdomain);
  const topology = mapAt(endpoint, 'deprecatedTopology');
  const count = Object.keys(topology).length;
  if (count > limits.topology) problems.tooMany(`${path}.deprecatedTopology`, count, limits.topology);
  checkLabels(problems, topology, `${path}.deprecatedTopology`);
  const hostname = endpoint['hostname'];
  if (typeof hostname === 'string') problems.text(`${path}.hostname`, hostname, dnsLabel);
  const hints = maybeObject(endpoint, 'hints');
  if (hints === undefined) return;
  checkHints(problems, `${path}.hints.forZones`, itemsOf(hints, 'forZones'), labelValueErrors);
  checkHints(problems, `${path}.hints.forNodes`, itemsOf(hints, 'forNodes'), dnsSubdomain);
}

const families: Readonly<Record<string, { readonly family: 4 | 6; readonly rule: TextRule }>> = {
  IPv4: { family: 4, rule: legacyAddress },
  IPv6: { family: 6, rule: canonicalAddress },
};

function checkAddress(problems: Problems, path: string, index: number, address: string, type: string): void {
  const at = `${path}[${index}]`;
  if (type === 'FQDN') return checkDomain(problems, at, address);
  const expected = families[type];
  if (expected === undefined) return;
  const errors = expected.rule(address);
  for (const detail of errors) problems.invalid(at, address, detail);
  if (errors.length > 0) return;
  if (addressFamily(address) !== expected.family) problems.invalid(path, address, `must be an ${type} address`);
  problems.text(at, address, endpointAddress);
}

function checkDomain(problems: Problems, path: string, name: string): void {
  if (name === '') return problems.required(path);
  const errors = dnsSubdomain(name);
  for (const detail of errors) problems.invalid(path, name, detail);
  if (errors.length === 0 && name.split('.').length < 2) {
    problems.invalid(path, name, 'should be a domain with at least two segments separated by dots');
  }
}

function checkHints(problems: Problems, path: string, hints: readonly ObjectValue[], rule: TextRule): void {
  if (hints.length > limits.hints) return problems.tooMany(path, hints.length, limits.hints);
  const seen = new Set<string>();
  for (const [index, hint] of hints.entries()) {
    const at = `${path}[${index}].name`;
    const name = textAt(hint, 'name');
    if (seen.has(name)) problems.duplicate(at, name);
    seen.add(name);
    problems.text(at, name, rule);
  }
}

function checkSlice(problems: Problems, slice: ObjectValue, old?: ObjectValue): void {
  requiredOneOf('FQDN', 'IPv4', 'IPv6')(problems, 'addressType', slice['addressType']);
  checkPorts(problems, slice);
  const own = new Problems();
  checkEndpoints(own, slice);
  if (own.errors.length === 0) return;
  if (old !== undefined && semanticallyEqual(old['endpoints'], slice['endpoints'])) return;
  problems.errors.push(...own.errors);
}

export const endpointSliceValidator: Validator = validator({
  create: (problems, slice) => checkSlice(problems, slice),
  update: (problems, slice, old) => {
    checkSlice(problems, slice, old);
    checkImmutable(problems, 'addressType', slice, old);
  },
  warnings: (slice) => (slice['addressType'] === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
});

/** Who an address belongs to. */
function checkParent(problems: Problems, object: ObjectValue): void {
  const parent = maybeObject(objectAt(object, 'spec'), 'parentRef');
  const path = 'spec.parentRef';
  if (parent === undefined) return problems.required(path);
  const group = textAt(parent, 'group');
  if (group !== '') problems.text(`${path}.group`, group, dnsSubdomain);
  for (const field of ['resource', 'name']) {
    if (textAt(parent, field) === '') problems.required(`${path}.${field}`);
  }
}

export const addressValidator: Validator = validator({
  create: checkParent,
  update: (problems, object, old) => checkImmutable(problems, 'spec.parentRef', object, old),
});
