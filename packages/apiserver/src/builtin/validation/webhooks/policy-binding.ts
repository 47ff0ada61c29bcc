import type { ObjectValue } from '../../../value.ts';
import { maybeObject, objectAt, textAt, textsAt } from '../../object-path.ts';
import { dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkMatchResources, checkParamRef } from './match-resources.ts';

const actions = ['Audit', 'Deny', 'Warn'];

function checkBinding(problems: Problems, binding: ObjectValue): void {
  const spec = objectAt(binding, 'spec');
  const name = textAt(spec, 'policyName');
  if (name === '') problems.required('spec.policyName');
  else problems.text('spec.policyName', name, dnsSubdomain);
  const reference = maybeObject(spec, 'paramRef');
  if (reference !== undefined) checkParamRef(problems, 'spec.paramRef', reference);
  const match = maybeObject(spec, 'matchResources');
  if (match !== undefined) checkMatchResources(problems, 'spec.matchResources', match);
}

function checkActions(problems: Problems, binding: ObjectValue): void {
  const path = 'spec.validationActions';
  const own = textsAt(objectAt(binding, 'spec'), 'validationActions');
  const seen = new Set<string>();
  for (const [index, action] of own.entries()) {
    if (!actions.includes(action)) problems.notSupported(`${path}[${index}]`, action, actions);
    if (seen.has(action)) problems.duplicate(`${path}[${index}]`, action);
    seen.add(action);
  }
  if (seen.has('Deny') && seen.has('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    problems.invalid(path, own, detail);
  }
  if (own.length === 0) problems.required(path, 'at least one validation action is required');
}

export const validatingBindingValidator: Validator = validator({
  create: (problems, binding) => {
    checkBinding(problems, binding);
    checkActions(problems, binding);
  },
});

export const mutatingBindingValidator: Validator = validator({ create: checkBinding });
