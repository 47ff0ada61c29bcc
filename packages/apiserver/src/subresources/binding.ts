import { fieldErrors, type FieldError } from '../field-error.ts';
import type { Core, Parts, SubresourceHandler, VirtualResourceHandler } from '../parts.ts';
import type { Answer } from '../pipeline/answer.ts';
import type { RequestContext } from '../pipeline/context.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { badRequest, conflict, methodNotAllowed, notFound, notServed, statusError } from '../status-error.ts';
import { isObject, metadataOf, type ObjectValue, type Value } from '../value.ts';
import { aggregate } from '../access/authorizer.ts';
import { created } from './plain-status.ts';
import { setPodCondition } from './pod-condition.ts';
import { admitSubresource, readSubresourceBody } from './subresource-body.ts';

const bindingKind = { group: '', version: 'v1', kind: 'Binding' };

/** `pods/binding`: puts a pod on a node, once. */
export function bindingHandler(core: Core, parts: () => Parts): SubresourceHandler {
  return async (context, pods) => {
    if (context.info.verb !== 'create') throw methodNotAllowed();
    return bind(core, parts(), context, pods, context.info.name);
  };
}

/** The older `bindings`, where the body alone names the pod. */
export function bindingsHandler(core: Core, parts: () => Parts): VirtualResourceHandler {
  return async (context) => {
    if (context.info.name !== '') throw notServed();
    const pods = core.registry.find('', 'v1', 'pods');
    if (context.info.verb !== 'create' || pods === undefined) throw methodNotAllowed();
    return bind(core, parts(), context, pods, undefined);
  };
}

async function bind(
  core: Core,
  parts: Parts,
  context: RequestContext,
  pods: ResourceInfo,
  urlName: string | undefined,
): Promise<Answer> {
  const body = readSubresourceBody(parts, context, bindingKind);
  const name = String(metadataOf(body.object)['name'] ?? '');
  if (urlName !== undefined && name !== urlName) throw badRequest('name in URL does not match name in Binding object');
  const errors = validateTarget(body.object['target']);
  // The real server forgets to make a 422 of these.
  if (errors.length > 0)
    throw statusError(500, '', aggregate(errors.map(({ field, message }) => `${field}: ${message}`)));
  await admitSubresource(parts, context, pods, 'binding', body);
  await assign(core, pods, `${context.info.namespace}/${name}`, body.object, context.now, body.options.dryRun);
  return created();
}

function validateTarget(target: Value | undefined): readonly FieldError[] {
  const { kind, name } = isObject(target) ? target : {};
  const errors: FieldError[] = [];
  if (kind !== undefined && kind !== '' && kind !== 'Node') {
    errors.push(fieldErrors.notSupported('target.kind', kind, ['Node', '<empty>']));
  }
  if (name === undefined || name === '') errors.push(fieldErrors.required('target.name'));
  return errors;
}

/** Writes the pod itself: neither its strategy nor managed fields have a part in this. */
async function assign(
  { store }: Core,
  pods: ResourceInfo,
  key: string,
  binding: ObjectValue,
  now: number,
  dryRun: boolean,
): Promise<void> {
  const name = key.slice(key.indexOf('/') + 1);
  const stored = store.get('pods', key);
  if (stored === undefined) throw notFound(pods, name);
  const pod = stored.object();
  checkPreconditions(pods, pod, binding, key);
  const problem = whyNotBindable(pod, name);
  if (problem !== undefined) throw conflict({ group: '', plural: 'pods/binding' }, name, problem);
  place(pod, binding, now);
  if (dryRun) return;
  store.put('pods', key, pod, stored);
  await store.durable();
}

function checkPreconditions(pods: ResourceInfo, pod: ObjectValue, binding: ObjectValue, key: string): void {
  const own = metadataOf(pod);
  const given = metadataOf(binding);
  for (const [field, label] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    const wanted = given[field];
    if (wanted === undefined || wanted === '' || wanted === own[field]) continue;
    const why = `Precondition failed: ${label} in precondition: ${String(wanted)}, ${label} in object meta: ${String(own[field])}`;
    const error = `StorageError: invalid object, Code: 4, Key: /registry/pods/${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
    throw conflict(pods, String(own['name']), error);
  }
}

function whyNotBindable(pod: ObjectValue, name: string): string | undefined {
  const spec = isObject(pod['spec']) ? pod['spec'] : {};
  if (metadataOf(pod)['deletionTimestamp'] !== undefined)
    return `pod ${name} is being deleted, cannot be assigned to a host`;
  const node = spec['nodeName'];
  if (node !== undefined && node !== '') return `pod ${name} is already assigned to node ${JSON.stringify(node)}`;
  const gates = spec['schedulingGates'];
  return Array.isArray(gates) && gates.length > 0 ? `pod ${name} has non-empty .spec.schedulingGates` : undefined;
}

function place(pod: ObjectValue, binding: ObjectValue, now: number): void {
  const { target } = binding;
  const spec = isObject(pod['spec']) ? pod['spec'] : {};
  pod['spec'] = spec;
  spec['nodeName'] = isObject(target) ? (target['name'] ?? '') : '';
  const metadata = metadataOf(pod);
  for (const field of ['annotations', 'labels']) {
    const given = metadataOf(binding)[field];
    if (!isObject(given) || Object.keys(given).length === 0) continue;
    metadata[field] = { ...(isObject(metadata[field]) ? metadata[field] : {}), ...given };
  }
  setPodCondition(pod, { type: 'PodScheduled', status: 'True' }, now);
  if (isObject(pod['status'])) delete pod['status']['nominatedNodeName'];
}
