import type { ObjectValue } from '../../../value.ts';
import { itemsOf, numberAt, textAt } from '../../object-path.ts';
import { legacyAddress } from '../addresses.ts';
import { portNumber } from '../checks.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import { checkProtocol } from '../pod/ports.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { endpointAddress } from './endpoint-address.ts';

function checkAddress(problems: Problems, path: string, address: ObjectValue): void {
  const ip = textAt(address, 'ip');
  for (const detail of [...legacyAddress(ip), ...endpointAddress(ip)]) problems.invalid(`${path}.ip`, ip, detail);
  const hostname = textAt(address, 'hostname');
  if (hostname !== '') problems.text(`${path}.hostname`, hostname, dnsLabel);
  const node = textAt(address, 'nodeName');
  if (node !== '') problems.text(`${path}.nodeName`, node, dnsSubdomain);
}

export const endpointsValidator: Validator = validator({
  create: (problems, endpoints) => {
    for (const [index, subset] of itemsOf(endpoints, 'subsets').entries()) {
      const path = `subsets[${index}]`;
      const lists = ['addresses', 'notReadyAddresses'];
      if (lists.every((list) => itemsOf(subset, list).length === 0)) {
        problems.required(path, 'must specify `addresses` or `notReadyAddresses`');
      }
      for (const list of lists) {
        for (const [place, address] of itemsOf(subset, list).entries()) {
          checkAddress(problems, `${path}.${list}[${place}]`, address);
        }
      }
      checkPorts(problems, `${path}.ports`, itemsOf(subset, 'ports'));
    }
  },
});

function checkPorts(problems: Problems, path: string, ports: readonly ObjectValue[]): void {
  for (const [index, port] of ports.entries()) {
    const name = textAt(port, 'name');
    if (name !== '') problems.text(`${path}[${index}].name`, name, dnsLabel);
    else if (ports.length > 1) problems.required(`${path}[${index}].name`);
    portNumber(problems, `${path}[${index}].port`, numberAt(port, 'port') ?? 0);
    checkProtocol(problems, `${path}[${index}].protocol`, textAt(port, 'protocol'));
  }
}
