import { applyJsonPatch } from '@reeve/api';
import { mergeObjects } from '../../apply/merge-values.ts';
import { semanticallyEqual } from '../../builtin/equality.ts';
import { mapAt, maybeObject, objectAt, textAt } from '../../builtin/object-path.ts';
import { Failure } from '../../cel/value.ts';
import { objectCodec } from '../../codec/object-codec.ts';
import type { AdmissionAttributes, Authorize, Core } from '../../parts.ts';
import { StatusError } from '../../status-error.ts';
import { isObject, metadataOf } from '../../value.ts';
import type { ObjectValue, Value } from '../../value.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refused } from '../plugin.ts';
import type { StoredObjects } from '../stored-objects.ts';
import { compiledPolicy } from './compiled-policy.ts';
import type { Bindings, CompiledPolicy, Mutation } from './compiled-policy.ts';
import { jsonForm } from './json-form.ts';
import { matchesBinding, matchesRequest } from './match-rules.ts';
import { paramKindProblem, paramsOf } from './policy-params.ts';
import { requestBindings } from './request-bindings.ts';

const nameOf = (object: ObjectValue): string => textAt(metadataOf(object), 'name');

/** Lets the MutatingAdmissionPolicies that are bound change objects. */
export function mutatingPolicies(core: Core, stored: StoredObjects, authorize: Authorize): AdmissionPlugin {
  const labelsOf = (namespace: string): Readonly<Record<string, string>> =>
    mapAt(metadataOf(stored.find('namespaces', namespace) ?? {}), 'labels');
  return {
    name: 'MutatingAdmissionPolicy',
    mutate(attributes) {
      const { object, resource } = attributes;
      if (object === undefined || resource.group === 'admissionregistration.k8s.io') return;
      const policies = stored.list('mutatingadmissionpolicies');
      if (policies.length === 0) return;
      const bindings = stored.list('mutatingadmissionpolicybindings');
      for (const policy of policies) {
        const own = bindings.filter((binding) => textAt(objectAt(binding, 'spec'), 'policyName') === nameOf(policy));
        const match = objectAt(objectAt(policy, 'spec'), 'matchConstraints');
        if (own.length === 0 || !matchesRequest(match, attributes, labelsOf)) continue;
        const problem = paramKindProblem(core, policy);
        if (problem !== undefined) {
          fail(attributes, policy, undefined, `failed to configure policy: ${problem}`);
          continue;
        }
        for (const binding of own) {
          const narrowed = maybeObject(objectAt(binding, 'spec'), 'matchResources');
          if (narrowed !== undefined && !matchesBinding(narrowed, attributes, labelsOf)) continue;
          mutateBy({ core, stored, authorize, policy, binding, attributes });
        }
      }
    },
  };
}

interface Application {
  readonly core: Core;
  readonly stored: StoredObjects;
  readonly authorize: Authorize;
  readonly policy: ObjectValue;
  readonly binding: ObjectValue;
  readonly attributes: AdmissionAttributes;
}

function mutateBy({ core, stored, authorize, policy, binding, attributes }: Application): void {
  const { namespace, resource, object } = attributes;
  const found = paramsOf(core, policy, binding, namespace);
  if ('problem' in found) return fail(attributes, policy, binding, `failed to configure binding: ${found.problem}`);
  const isOwn = resource.group === '' && resource.plural === 'namespaces';
  const owner = namespace === '' || isOwn ? undefined : stored.find('namespaces', namespace);
  const compiled = compiledPolicy(policy);
  for (const params of found.params) {
    const made = mutated(compiled, attributes, (current) =>
      requestBindings({ ...attributes, object: current }, owner, params, authorize),
    );
    if (made instanceof Failure) fail(attributes, policy, binding, made.message);
    else if (made !== undefined && object !== undefined && !semanticallyEqual(made, object)) {
      for (const key of Object.keys(object)) delete object[key];
      Object.assign(object, made);
    }
  }
}

/** The object with all mutations of a policy made; undefined if its conditions do not hold. */
function mutated(
  policy: CompiledPolicy,
  { object, resource }: AdmissionAttributes,
  bindingsOf: (object: ObjectValue) => Bindings,
): ObjectValue | Failure | undefined {
  if (object === undefined) return undefined;
  const conditions = policy.matchConditions.map((condition) => condition.evaluate(bindingsOf(object)));
  if (conditions.includes(false)) return undefined;
  const broken = conditions.find((value) => value instanceof Failure);
  if (broken instanceof Failure) return broken;
  let current = object;
  for (const mutation of policy.mutations) {
    const changed = changedBy(mutation, current, bindingsOf(current), resource);
    if (changed instanceof Failure) return changed;
    current = changed;
  }
  return current;
}

function changedBy(
  { type, expression }: Mutation,
  object: ObjectValue,
  bindings: Bindings,
  resource: AdmissionAttributes['resource'],
): ObjectValue | Failure {
  const value = expression.evaluate(bindings);
  if (value instanceof Failure) {
    return new Failure(`expression '${expression.source}' resulted in error: ${value.message}`);
  }
  const form = jsonForm(value);
  if (form instanceof Failure) return form;
  try {
    const result = type === 'JSONPatch' ? patched(object, form) : merged(object, form, resource);
    if (!isObject(result)) return new Failure('the result is no object');
    const { group, version, kind, custom } = resource;
    const expected = { group, version, kind };
    const decoded = objectCodec.normalise(result, { expected, custom, fieldValidation: 'Ignore' });
    resource.strategy.applyDefaults(decoded.object);
    return decoded.object;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Failure(type === 'JSONPatch' ? `JSON Patch: ${reason}` : `error applying patch: ${reason}`);
  }
}

function patched(object: ObjectValue, form: Value): Value {
  return applyJsonPatch(structuredClone(object), form);
}

function merged(object: ObjectValue, form: Value, { strategy }: AdmissionAttributes['resource']): Value {
  return isObject(form) ? mergeObjects(strategy.schema, structuredClone(object), form) : form;
}

/** Refuses the request, unless the policy's failures are to be ignored. */
function fail(
  attributes: AdmissionAttributes,
  policy: ObjectValue,
  binding: ObjectValue | undefined,
  detail: string,
): void {
  if (objectAt(policy, 'spec')['failurePolicy'] === 'Ignore') return;
  const bound = binding === undefined ? '' : ` with binding '${nameOf(binding)}'`;
  const message = `policy '${nameOf(policy)}'${bound} denied request: ${detail}`;
  const { status } = refused(attributes, message);
  throw new StatusError({
    ...status,
    message,
    reason: 'Invalid',
    details: { ...status.details, causes: [{ message }] },
  });
}
