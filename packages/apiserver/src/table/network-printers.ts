import { itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt, textsAt } from '../builtin/object-path.ts';
import type { ObjectValue } from '../value.ts';
import {
  ageColumn,
  isDefaultClass,
  labelsText,
  nameColumn,
  nameOf,
  selectorText,
  shortened,
  textCell,
} from './cells.ts';
import { text, wide } from './column.ts';
import type { PrinterTable } from './printer.ts';

const maxShown = 3;

/** Services and how traffic reaches them. */
export const networkPrinters: PrinterTable = {
  Service: {
    columns: [
      nameColumn,
      text('Type', textCell('spec.type')),
      text('Cluster-IP', (object) => textsAt(objectAt(object, 'spec'), 'clusterIPs')[0] ?? '<none>'),
      text('External-IP', externalIP),
      text('Port(s)', servicePorts),
      ageColumn,
      wide('Selector', (object) => labelsText(mapAt(objectAt(object, 'spec'), 'selector'))),
    ],
  },
  Endpoints: { columns: [nameColumn, text('Endpoints', endpoints), ageColumn] },
  'discovery.k8s.io/EndpointSlice': {
    columns: [
      nameColumn,
      text('AddressType', textCell('addressType')),
      text('Ports', slicePorts),
      text('Endpoints', sliceEndpoints),
      ageColumn,
    ],
  },
  'networking.k8s.io/Ingress': {
    columns: [
      nameColumn,
      text('Class', textCell('spec.ingressClassName', '<none>')),
      text('Hosts', hosts),
      text('Address', (object) => balancerAddresses(object)),
      text('Ports', (object) => (itemsOf(objectAt(object, 'spec'), 'tls').length > 0 ? '80, 443' : '80')),
      ageColumn,
    ],
  },
  'networking.k8s.io/IngressClass': {
    columns: [
      { ...nameColumn, cell: ingressClassName },
      text('Controller', textCell('spec.controller')),
      text('Parameters', classParameters),
      ageColumn,
    ],
  },
  'networking.k8s.io/NetworkPolicy': {
    columns: [
      nameColumn,
      text('Pod-Selector', (object) => selectorText(maybeObject(objectAt(object, 'spec'), 'podSelector'))),
      ageColumn,
    ],
  },
  'networking.k8s.io/ServiceCIDR': {
    columns: [nameColumn, text('CIDRs', (object) => textsAt(objectAt(object, 'spec'), 'cidrs').join(',')), ageColumn],
  },
  // The real server defines no column for the age that it prints.
  'networking.k8s.io/IPAddress': { columns: [nameColumn, text('ParentRef', parentReference)], extra: [ageColumn] },
};

function externalIP(service: ObjectValue): string {
  const spec = objectAt(service, 'spec');
  const given = textsAt(spec, 'externalIPs');
  switch (spec['type']) {
    case 'ClusterIP':
    case 'NodePort':
      return given.join(',') || '<none>';
    case 'LoadBalancer':
      return [balancerAddresses(service), ...given].filter((address) => address !== '').join(',') || '<pending>';
    case 'ExternalName':
      return textAt(spec, 'externalName');
    default:
      return '<unknown>';
  }
}

/** The addresses or host names of load balancers, sorted. */
function balancerAddresses(object: ObjectValue): string {
  const ingress = itemsOf(objectAt(objectAt(object, 'status'), 'loadBalancer'), 'ingress');
  const addresses = ingress.map((item) => textAt(item, 'ip') || textAt(item, 'hostname'));
  return [...new Set(addresses.filter((address) => address !== ''))].toSorted().join(',');
}

function servicePorts(service: ObjectValue): string {
  const ports = itemsOf(objectAt(service, 'spec'), 'ports').map((port) => {
    const nodePort = numberAt(port, 'nodePort') ?? 0;
    return `${numberAt(port, 'port') ?? 0}${nodePort > 0 ? `:${nodePort}` : ''}/${textAt(port, 'protocol')}`;
  });
  return ports.join(',') || '<none>';
}

function endpoints(object: ObjectValue): string {
  const subsets = itemsOf(object, 'subsets');
  if (subsets.length === 0) return '<none>';
  return shortened(subsets.flatMap(subsetAddresses), maxShown);
}

function subsetAddresses(subset: ObjectValue): readonly string[] {
  const addresses = itemsOf(subset, 'addresses').map((address) => textAt(address, 'ip'));
  const ports = itemsOf(subset, 'ports');
  if (ports.length === 0) return addresses;
  return ports.flatMap((port) =>
    addresses.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${numberAt(port, 'port') ?? 0}`),
  );
}

function slicePorts(slice: ObjectValue): string {
  const ports = itemsOf(slice, 'ports').map((port) => {
    const number = numberAt(port, 'port');
    if (number !== undefined) return String(number);
    return typeof port['name'] === 'string' ? port['name'] : '*';
  });
  return ports.length === 0 ? '<unset>' : shortened(ports, maxShown);
}

function sliceEndpoints(slice: ObjectValue): string {
  const addresses = itemsOf(slice, 'endpoints').flatMap((endpoint) => textsAt(endpoint, 'addresses'));
  return addresses.length === 0 ? '<unset>' : shortened(addresses, maxShown);
}

function hosts(ingress: ObjectValue): string {
  const rules = itemsOf(objectAt(ingress, 'spec'), 'rules');
  const named: string[] = [];
  for (const rule of rules) {
    if (named.length === maxShown) return `${named.join(',')} + ${rules.length - maxShown} more...`;
    if (textAt(rule, 'host') !== '') named.push(textAt(rule, 'host'));
  }
  return named.join(',') || '*';
}

function ingressClassName(object: ObjectValue): string {
  const isDefault = isDefaultClass(object, 'ingressclass.kubernetes.io/is-default-class');
  return isDefault ? `${nameOf(object)} (default)` : nameOf(object);
}

function classParameters(object: ObjectValue): string {
  const parameters = maybeObject(objectAt(object, 'spec'), 'parameters');
  if (parameters === undefined) return '<none>';
  const group = parameters['apiGroup'] === undefined ? '' : `.${textAt(parameters, 'apiGroup')}`;
  return `${textAt(parameters, 'kind')}${group}/${textAt(parameters, 'name')}`;
}

function parentReference(object: ObjectValue): string {
  const parent = maybeObject(objectAt(object, 'spec'), 'parentRef');
  if (parent === undefined) return '<none>';
  const group = textAt(parent, 'group');
  const resource = `${textAt(parent, 'resource')}${group === '' ? '' : `.${group}`}`.toLowerCase();
  const namespace = textAt(parent, 'namespace');
  return [resource, ...(namespace === '' ? [] : [namespace]), textAt(parent, 'name')].join('/');
}
