import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { oneOf } from '../checks.ts';
import { dnsLabel } from '../names.ts';
import type { Problems } from '../problems.ts';
import { checkEnvironment } from './environment.ts';
import { checkLifecycle, checkProbes } from './handlers.ts';
import { checkContainerPorts, checkHostPorts } from './ports.ts';
import { checkResources } from './resources.ts';
import { checkContainerSecurity } from './security-context.ts';
import { checkDevices, checkMounts } from './volume-mounts.ts';
import type { SoundVolumes } from './volumes.ts';

/** What the containers of one pod have to do with each other. */
export interface ContainerScope {
  readonly volumes: SoundVolumes;
  readonly claimNames: ReadonlySet<string>;
  readonly gracePeriod: number;
  readonly restartPolicy: string;
  readonly usesHostUsers: boolean;
}

const messagePolicies = ['File', 'FallbackToLogsOnError'];

function checkCommon(problems: Problems, path: string, container: ObjectValue, scope: ContainerScope): void {
  const name = textAt(container, 'name');
  if (name === '') problems.required(`${path}.name`);
  else problems.text(`${path}.name`, name, dnsLabel);
  if (textAt(container, 'image') === '') problems.required(`${path}.image`);
  oneOf(...messagePolicies)(problems, `${path}.terminationMessagePolicy`, container['terminationMessagePolicy']);
  checkContainerPorts(problems, path, container);
  checkEnvironment(problems, path, container);
  checkMounts(problems, path, container, scope.volumes);
  checkDevices(problems, path, container, scope.volumes);
  oneOf('Always', 'IfNotPresent', 'Never')(problems, `${path}.imagePullPolicy`, container['imagePullPolicy']);
  checkResources(problems, `${path}.resources`, objectAt(container, 'resources'), scope.claimNames);
  checkResizePolicy(problems, `${path}.resizePolicy`, container, scope);
  const context = maybeObject(container, 'securityContext');
  if (context !== undefined) checkContainerSecurity(problems, `${path}.securityContext`, context, scope.usesHostUsers);
}

function checkResizePolicy(problems: Problems, path: string, container: ObjectValue, scope: ContainerScope): void {
  const seen = new Set<string>();
  for (const [index, policy] of itemsOf(container, 'resizePolicy').entries()) {
    const resource = textAt(policy, 'resourceName');
    const restart = textAt(policy, 'restartPolicy');
    if (seen.has(resource)) problems.duplicate(`${path}[${index}]`, resource);
    seen.add(resource);
    if (resource === '') problems.required(path);
    else oneOf('cpu', 'memory')(problems, path, resource);
    if (restart === '') problems.required(path);
    else oneOf('NotRequired', 'RestartContainer')(problems, path, restart);
    if (scope.restartPolicy === 'Never' && restart !== 'NotRequired') {
      problems.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
    }
  }
}

const restartPolicies = ['Always', 'Never', 'OnFailure'];
const maxRules = 20;
const maxExitCodes = 255;

function checkRestartPolicy(problems: Problems, path: string, container: ObjectValue): void {
  const rules = itemsOf(container, 'restartPolicyRules');
  const policy = container['restartPolicy'];
  if (policy === undefined) {
    if (rules.length === 0) return;
    problems.required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used');
  } else if (!restartPolicies.includes(textAt(container, 'restartPolicy'))) {
    problems.notSupported(`${path}.restartPolicy`, policy, restartPolicies);
  }
  if (rules.length > maxRules) problems.tooMany(`${path}.restartPolicyRules`, rules.length, maxRules);
  for (const [index, rule] of rules.entries()) checkRestartRule(problems, `${path}.restartPolicyRules[${index}]`, rule);
}

function checkRestartRule(problems: Problems, path: string, rule: ObjectValue): void {
  const actions = ['Restart', 'RestartAllContainers'];
  const action = textAt(rule, 'action');
  if (!actions.includes(action)) problems.notSupported(`${path}.action`, action, actions);
  const codes = maybeObject(rule, 'exitCodes');
  if (codes === undefined) return problems.required(`${path}.exitCodes`, 'must be specified');
  const operator = textAt(codes, 'operator');
  if (operator !== 'In' && operator !== 'NotIn') {
    problems.notSupported(`${path}.exitCodes.operator`, operator, ['In', 'NotIn']);
  }
  const count = Array.isArray(codes['values']) ? codes['values'].length : 0;
  if (count > maxExitCodes) problems.tooMany(`${path}.exitCodes.values`, count, maxExitCodes);
}

function checkHooksAndProbes(problems: Problems, path: string, container: ObjectValue, gracePeriod: number): void {
  const lifecycle = maybeObject(container, 'lifecycle');
  if (lifecycle !== undefined) checkLifecycle(problems, `${path}.lifecycle`, lifecycle, gracePeriod);
  checkProbes(problems, path, container, gracePeriod);
}

/** The containers that run all the time. */
export function checkContainers(problems: Problems, path: string, spec: ObjectValue, scope: ContainerScope): void {
  const containers = itemsOf(spec, 'containers');
  if (containers.length === 0) return problems.required(path);
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    checkCommon(problems, at, container, scope);
    const name = textAt(container, 'name');
    if (names.has(name)) problems.duplicate(`${at}.name`, name);
    names.add(name);
    checkHooksAndProbes(problems, at, container, scope.gracePeriod);
    checkRestartPolicy(problems, at, container);
  }
  checkHostPorts(problems, path, containers);
}

const notForInit = 'may not be set for init containers without restartPolicy=Always';

/** Those that run first; with `restartPolicy: Always` they go on as sidecars. */
export function checkInitContainers(problems: Problems, path: string, spec: ObjectValue, scope: ContainerScope): void {
  const names = new Set(itemsOf(spec, 'containers').map((container) => textAt(container, 'name')));
  for (const [index, container] of itemsOf(spec, 'initContainers').entries()) {
    const at = `${path}[${index}]`;
    checkCommon(problems, at, container, scope);
    checkRestartPolicy(problems, at, container);
    const name = textAt(container, 'name');
    if (names.has(name)) problems.duplicate(`${at}.name`, name);
    else if (name !== '') names.add(name);
    checkHostPorts(problems, path, [container]);
    if (container['restartPolicy'] === 'Always') {
      checkHooksAndProbes(problems, at, container, scope.gracePeriod);
      continue;
    }
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
      if (maybeObject(container, field) !== undefined) problems.forbidden(`${at}.${field}`, notForInit);
    }
    for (const [place, policy] of itemsOf(container, 'resizePolicy').entries()) {
      if (policy['restartPolicy'] !== 'RestartContainer') continue;
      const detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
      problems.invalid(`${at}.resizePolicy[${place}].restartPolicy`, 'RestartContainer', detail);
    }
  }
}

/** Fields of containers that debugging ones do not have. */
const notForEphemeral = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
];

/** Containers added to a running pod to look into it. */
export function checkEphemeralContainers(
  problems: Problems,
  path: string,
  spec: ObjectValue,
  scope: ContainerScope,
): void {
  const others = [...itemsOf(spec, 'containers'), ...itemsOf(spec, 'initContainers')].map((item) =>
    textAt(item, 'name'),
  );
  const names = new Set(others);
  for (const [index, container] of itemsOf(spec, 'ephemeralContainers').entries()) {
    const at = `${path}[${index}]`;
    checkCommon(problems, at, container, scope);
    checkImageSpace(problems, at, container);
    const name = textAt(container, 'name');
    if (names.has(name)) problems.duplicate(`${at}.name`, name);
    names.add(name);
    const target = textAt(container, 'targetContainerName');
    if (target !== '' && !others.includes(target)) problems.notFound(`${at}.targetContainerName`, target);
    for (const field of notForEphemeral) {
      const value = container[field];
      const isGiven = value !== undefined && Object.keys(value ?? {}).length + (typeof value === 'string' ? 1 : 0) > 0;
      if (isGiven) problems.forbidden(`${at}.${field}`, 'cannot be set for an Ephemeral Container');
    }
    for (const [place, mount] of itemsOf(container, 'volumeMounts').entries()) {
      for (const field of ['subPath', 'subPathExpr']) {
        const mountAt = `${at}.volumeMounts[${place}].${field}`;
        if (textAt(mount, field) !== '') problems.forbidden(mountAt, 'cannot be set for an Ephemeral Container');
      }
    }
  }
}

/** Of pods only, not of their templates: some use blank images as marks. */
export function checkImageSpace(problems: Problems, path: string, container: ObjectValue): void {
  const image = textAt(container, 'image');
  if (image.trim() !== image) problems.invalid(`${path}.image`, image, 'must not have leading or trailing whitespace');
}

/** The grace period that containers' hooks must keep to. */
export function gracePeriodOf(spec: ObjectValue): number {
  return numberAt(spec, 'terminationGracePeriodSeconds') ?? 0;
}
