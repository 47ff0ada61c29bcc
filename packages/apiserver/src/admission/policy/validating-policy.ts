import { mapAt, maybeObject, objectAt, textAt, textsAt } from '../../builtin/object-path.ts';
import { Failure } from '../../cel/value.ts';
import type { AdmissionAttributes, Authorize, Core } from '../../parts.ts';
import { StatusError } from '../../status-error.ts';
import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refused } from '../plugin.ts';
import type { StoredObjects } from '../stored-objects.ts';
import { compiledPolicy } from './compiled-policy.ts';
import type { Bindings, CompiledPolicy, Expression } from './compiled-policy.ts';
import { matchesBinding, matchesRequest } from './match-rules.ts';
import { paramKindProblem, paramsOf } from './policy-params.ts';
import { requestBindings } from './request-bindings.ts';

const admissionGroup = 'admissionregistration.k8s.io';
const longestMessage = 5 * 1024;
const codes: Readonly<Record<string, number>> = { Forbidden: 403, RequestEntityTooLarge: 413 };

interface Denial {
  readonly message: string;
  readonly reason: string;
}

const nameOf = (object: ObjectValue): string => textAt(metadataOf(object), 'name');

/** Holds requests against the ValidatingAdmissionPolicies that are bound. */
export function validatingPolicies(core: Core, stored: StoredObjects, authorize: Authorize): AdmissionPlugin {
  const labelsOf = (namespace: string): Readonly<Record<string, string>> =>
    mapAt(metadataOf(stored.find('namespaces', namespace) ?? {}), 'labels');
  return {
    name: 'ValidatingAdmissionPolicy',
    validate(attributes) {
      if (attributes.resource.group === admissionGroup) return;
      const policies = stored.list('validatingadmissionpolicies');
      if (policies.length === 0) return;
      const bindings = stored.list('validatingadmissionpolicybindings');
      const denials: Denial[] = [];
      for (const policy of policies) {
        const own = bindings.filter((binding) => textAt(objectAt(binding, 'spec'), 'policyName') === nameOf(policy));
        const match = objectAt(objectAt(policy, 'spec'), 'matchConstraints');
        if (own.length === 0 || !matchesRequest(match, attributes, labelsOf)) continue;
        const problem = paramKindProblem(core, policy);
        if (problem !== undefined) {
          denials.push(...configurationDenial(policy, undefined, `failed to configure policy: ${problem}`));
          continue;
        }
        for (const binding of own) {
          const narrowed = maybeObject(objectAt(binding, 'spec'), 'matchResources');
          if (narrowed !== undefined && !matchesBinding(narrowed, attributes, labelsOf)) continue;
          denials.push(...evaluate({ core, stored, authorize, policy, binding, attributes }));
        }
      }
      const [first] = denials;
      if (first !== undefined) throw refusal(attributes, first);
    },
  };
}

/** 403, 413 or 422 about the object, with the denial as its cause. */
function refusal(attributes: AdmissionAttributes, { message, reason }: Denial): StatusError {
  const { status } = refused({ ...attributes, name: attributes.name || 'Unknown' }, message);
  const causes = [{ message }];
  return new StatusError({
    ...status,
    code: codes[reason] ?? 422,
    reason: reason as NonNullable<typeof status.reason>,
    details: { ...status.details, causes },
  });
}

function isIgnored(policy: ObjectValue): boolean {
  return objectAt(policy, 'spec')['failurePolicy'] === 'Ignore';
}

function told(policy: ObjectValue, binding: ObjectValue | undefined, detail: string): string {
  const bound = binding === undefined ? '' : ` with binding '${nameOf(binding)}'`;
  return `ValidatingAdmissionPolicy '${nameOf(policy)}'${bound} denied request: ${detail}`;
}

function configurationDenial(policy: ObjectValue, binding: ObjectValue | undefined, detail: string): readonly Denial[] {
  return isIgnored(policy) ? [] : [{ message: told(policy, binding, detail), reason: 'Invalid' }];
}

interface Evaluation {
  readonly core: Core;
  readonly stored: StoredObjects;
  readonly authorize: Authorize;
  readonly policy: ObjectValue;
  readonly binding: ObjectValue;
  readonly attributes: AdmissionAttributes;
}

function evaluate({ core, stored, authorize, policy, binding, attributes }: Evaluation): readonly Denial[] {
  const { namespace, resource } = attributes;
  const found = paramsOf(core, policy, binding, namespace);
  if ('problem' in found) {
    return configurationDenial(policy, binding, `failed to configure binding: ${found.problem}`);
  }
  const isOwn = resource.group === '' && resource.plural === 'namespaces';
  const owner = namespace === '' || isOwn ? undefined : stored.find('namespaces', namespace);
  const compiled = compiledPolicy(policy);
  const actions = textsAt(objectAt(binding, 'spec'), 'validationActions');
  return found.params.flatMap((params) => {
    const failures = failuresOf(compiled, requestBindings(attributes, owner, params, authorize), isIgnored(policy));
    if (actions.includes('Warn')) {
      for (const { message } of failures) {
        const names = `'${nameOf(policy)}' with binding '${nameOf(binding)}'`;
        attributes.warn(`Validation failed for ValidatingAdmissionPolicy ${names}: ${message}`);
      }
    }
    if (!actions.includes('Deny')) return [];
    return failures.map(({ message, reason }) => ({ message: told(policy, binding, message), reason }));
  });
}

/** What the validations find wrong; errors count unless they are to be ignored. */
function failuresOf(policy: CompiledPolicy, bindings: Bindings, isIgnored: boolean): readonly Denial[] {
  const errorOf = ({ source }: Expression, { message }: Failure): Denial => ({
    message: `expression '${source}' resulted in error: ${message}`,
    reason: 'Invalid',
  });
  const conditions = policy.matchConditions.map((condition) => ({ condition, value: condition.evaluate(bindings) }));
  if (conditions.some(({ value }) => value === false)) return [];
  const [broken] = conditions.flatMap(({ condition, value }) =>
    value instanceof Failure ? [errorOf(condition, value)] : [],
  );
  if (broken !== undefined) return isIgnored ? [] : [broken];
  return policy.validations.flatMap((validation) => {
    const value = validation.condition.evaluate(bindings);
    if (value === true) return [];
    if (value instanceof Failure) return isIgnored ? [] : [errorOf(validation.condition, value)];
    const computed = messageOf(validation.messageExpression, bindings) || validation.message;
    const message = computed || `failed expression: ${validation.condition.source.trim()}`;
    return [{ message, reason: validation.reason }];
  });
}

/** What the message expression gives; nothing where that is no text of one line and a fair length. */
function messageOf(expression: Expression | undefined, bindings: Bindings): string {
  const value = expression?.evaluate(bindings);
  const text = typeof value === 'string' ? value.trim() : '';
  return text.length > longestMessage || text.includes('\n') ? '' : text;
}
