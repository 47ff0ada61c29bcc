import type { Value } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, numberAt, textAt } from '../../object-path.ts';
import type { Check } from '../checks.ts';
import { isNumber, portNumber } from '../checks.ts';
import { portName } from '../names.ts';
import type { Problems } from '../problems.ts';

export const protocols: readonly string[] = ['SCTP', 'TCP', 'UDP'];

/** A port by number or by name. */
export const portNumberOrName: Check = (problems, path, value) => {
  if (typeof value === 'string') problems.text(path, value, portName);
  else portNumber(problems, path, isNumber(value) ? value : 0);
};

/** The ports of one container. */
export function checkContainerPorts(problems: Problems, path: string, container: ObjectValue): void {
  const names = new Set<string>();
  for (const [index, port] of itemsOf(container, 'ports').entries()) {
    const at = `${path}.ports[${index}]`;
    checkName(problems, `${at}.name`, textAt(port, 'name'), names);
    const number = numberAt(port, 'containerPort') ?? 0;
    if (number === 0) problems.required(`${at}.containerPort`);
    else portNumber(problems, `${at}.containerPort`, number);
    if (isSet(port['hostPort'])) portNumber(problems, `${at}.hostPort`, port['hostPort']);
    checkProtocol(problems, `${at}.protocol`, textAt(port, 'protocol'));
  }
}

const isSet = (value: Value | undefined): boolean => isNumber(value) && value !== 0;

function checkName(problems: Problems, path: string, name: string, names: Set<string>): void {
  if (name === '') return;
  const errors = portName(name);
  for (const detail of errors) problems.invalid(path, name, detail);
  if (errors.length > 0) return;
  if (names.has(name)) problems.duplicate(path, name);
  names.add(name);
}

/** A transport protocol, which must be there. */
export function checkProtocol(problems: Problems, path: string, protocol: string): void {
  if (protocol === '') problems.required(path);
  else if (!protocols.includes(protocol)) problems.notSupported(path, protocol, protocols);
}

/** No two containers that run together take the same port of the node. */
export function checkHostPorts(problems: Problems, path: string, containers: readonly ObjectValue[]): void {
  const taken = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [place, port] of itemsOf(container, 'ports').entries()) {
      const number = numberAt(port, 'hostPort') ?? 0;
      if (number === 0) continue;
      const key = `${textAt(port, 'protocol')}/${textAt(port, 'hostIP')}/${number}`;
      if (taken.has(key)) problems.duplicate(`${path}[${index}].ports[${place}].hostPort`, key);
      taken.add(key);
    }
  }
}
