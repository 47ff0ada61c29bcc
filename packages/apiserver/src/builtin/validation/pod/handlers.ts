import { isObject } from '../../../value.ts';
import type { ObjectValue, Value } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, textAt } from '../../object-path.ts';
import type { Check } from '../checks.ts';
import { nonNegative, portNumber, required, requiredOneOf } from '../checks.ts';
import { headerName } from '../names.ts';
import type { Problems } from '../problems.ts';
import { portNumberOrName } from './ports.ts';

const actions: Readonly<Record<string, Check>> = {
  exec: (problems, path, value) => required(problems, `${path}.command`, field(value, 'command')),
  httpGet: checkHttpGet,
  tcpSocket: (problems, path, value) => portNumberOrName(problems, `${path}.port`, field(value, 'port')),
  grpc: (problems, path, value) => portNumber(problems, `${path}.port`, field(value, 'port') ?? 0),
};

const field = (value: Value | undefined, name: string): Value | undefined =>
  isObject(value) ? value[name] : undefined;

function checkHttpGet(problems: Problems, path: string, value: Value | undefined): void {
  if (!isObject(value)) return;
  required(problems, `${path}.path`, value['path']);
  portNumberOrName(problems, `${path}.port`, value['port']);
  requiredOneOf('HTTP', 'HTTPS')(problems, `${path}.scheme`, value['scheme']);
  for (const header of itemsOf(value, 'httpHeaders')) {
    problems.text(`${path}.httpHeaders`, textAt(header, 'name'), headerName);
  }
}

/** Exactly one action, which is sound. */
export function checkHandler(problems: Problems, path: string, handler: ObjectValue, gracePeriod: number): void {
  const sleep: Check = (_, at, value) => {
    const seconds = isObject(value) ? (numberAt(value, 'seconds') ?? 0) : 0;
    if (seconds >= 0 && seconds <= gracePeriod) return;
    problems.invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`);
  };
  let count = 0;
  for (const [name, check] of Object.entries({ ...actions, sleep })) {
    if (maybeObject(handler, name) === undefined) continue;
    count += 1;
    if (count > 1) problems.forbidden(`${path}.${name}`, 'may not specify more than 1 handler type');
    else check(problems, `${path}.${name}`, handler[name]);
  }
  if (count === 0) problems.required(path, 'must specify a handler type');
}

const counters = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

/** Liveness, readiness and startup probes of a container. */
export function checkProbes(problems: Problems, path: string, container: ObjectValue, gracePeriod: number): void {
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = maybeObject(container, name);
    if (probe === undefined) continue;
    const at = `${path}.${name}`;
    checkHandler(problems, at, probe, gracePeriod);
    for (const counter of counters) nonNegative(problems, `${at}.${counter}`, probe[counter]);
    const grace = numberAt(probe, 'terminationGracePeriodSeconds');
    if (grace !== undefined && grace <= 0) {
      problems.invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than 0');
    }
    checkKind(problems, at, name, probe);
  }
}

function checkKind(problems: Problems, path: string, name: string, probe: ObjectValue): void {
  if (name === 'readinessProbe') {
    const grace = probe['terminationGracePeriodSeconds'];
    if (grace !== undefined) {
      problems.invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes');
    }
  } else if ((numberAt(probe, 'successThreshold') ?? 1) !== 1) {
    problems.invalid(`${path}.successThreshold`, probe['successThreshold'], 'must be 1');
  }
}

/** The hooks of a container. */
export function checkLifecycle(problems: Problems, path: string, lifecycle: ObjectValue, gracePeriod: number): void {
  for (const name of ['postStart', 'preStop']) {
    const hook = maybeObject(lifecycle, name);
    if (hook !== undefined) checkHandler(problems, `${path}.${name}`, hook, gracePeriod);
  }
}
