import { qualifiedNameErrors } from '@reeve/api';
import { policyEnvironment } from '../../../admission/policy/environment.ts';
import { dyn } from '../../../cel/type.ts';
import type { CelType } from '../../../cel/type.ts';
import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, objectAt, textAt } from '../../object-path.ts';
import { oneOf, requiredOneOf } from '../checks.ts';
import { checkConditions } from '../conditions.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkExpression } from './expression.ts';
import { checkMatchConditions } from './match-conditions.ts';
import { checkMatchResources, checkParamKind } from './match-resources.ts';

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** What all policies have; gives the types of their variables. */
function checkCommon(problems: Problems, spec: ObjectValue): ReadonlyMap<string, CelType> {
  requiredOneOf('Fail', 'Ignore')(problems, 'spec.failurePolicy', spec['failurePolicy']);
  const kind = maybeObject(spec, 'paramKind');
  if (kind !== undefined) checkParamKind(problems, 'spec.paramKind', kind);
  const match = maybeObject(spec, 'matchConstraints');
  if (match === undefined) problems.required('spec.matchConstraints');
  else {
    checkMatchResources(problems, 'spec.matchConstraints', match);
    if (itemsOf(match, 'resourceRules').length === 0) problems.required('spec.matchConstraints.resourceRules');
  }
  const hasParams = kind !== undefined;
  checkMatchConditions(problems, 'spec.matchConditions', spec, policyEnvironment({ hasParams }));
  const types = new Map<string, CelType>();
  for (const [index, variable] of itemsOf(spec, 'variables').entries()) {
    checkVariable(problems, `spec.variables[${index}]`, variable, hasParams, types);
  }
  return types;
}

function checkVariable(
  problems: Problems,
  path: string,
  variable: ObjectValue,
  hasParams: boolean,
  types: Map<string, CelType>,
): void {
  const name = textAt(variable, 'name');
  const expression = textAt(variable, 'expression');
  if (name.trim() === '') problems.required(`${path}.name`, 'name is not specified');
  else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || reserved.has(name)) {
    problems.invalid(`${path}.name`, name, 'must be a valid CEL identifier');
  }
  if (expression.trim() === '') {
    problems.required(`${path}.expression`, 'expression is not specified');
    return;
  }
  const environment = policyEnvironment({ hasParams, variables: new Map(types) });
  const program = checkExpression(problems, `${path}.expression`, expression, environment, []);
  types.set(name, program?.type ?? dyn);
}

function checkValidations(problems: Problems, policy: ObjectValue): void {
  const spec = objectAt(policy, 'spec');
  const types = checkCommon(problems, spec);
  const variables = itemsOf(spec, 'variables').length === 0 ? {} : { variables: types };
  const hasParams = maybeObject(spec, 'paramKind') !== undefined;
  const environment = policyEnvironment({ hasParams, ...variables });
  const validations = itemsOf(spec, 'validations');
  const annotations = itemsOf(spec, 'auditAnnotations');
  if (validations.length === 0 && annotations.length === 0) {
    const detail = 'validations or auditAnnotations must contain at least one item';
    problems.required('spec.validations', detail);
    problems.required('spec.auditAnnotations', detail);
  }
  for (const [index, validation] of validations.entries()) {
    checkValidation(problems, `spec.validations[${index}]`, validation, environment);
  }
  checkAnnotations(problems, policy, environment);
}

type Environment = ReturnType<typeof policyEnvironment>;

function checkValidation(problems: Problems, path: string, validation: ObjectValue, environment: Environment): void {
  const expression = textAt(validation, 'expression');
  const message = textAt(validation, 'message');
  const messageExpression = textAt(validation, 'messageExpression');
  if (expression.trim() === '') problems.required(`${path}.expression`, 'expression is not specified');
  else checkExpression(problems, `${path}.expression`, expression, environment, ['bool']);
  if (messageExpression !== '' && messageExpression.trim() === '') {
    problems.invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified');
  } else if (messageExpression !== '') {
    checkExpression(problems, `${path}.messageExpression`, messageExpression, environment, ['string']);
  }
  if (message !== '' && message.trim() === '') {
    problems.invalid(`${path}.message`, message, 'must be non-empty if specified');
  } else if (/[\n\r]/.test(message.trim())) {
    problems.invalid(`${path}.message`, message, 'must not contain line breaks');
  }
  oneOf('Forbidden', 'Invalid', 'RequestEntityTooLarge')(problems, `${path}.reason`, validation['reason']);
}

const maxAnnotations = 20;
const maxAnnotationExpression = 5 * 1024;

function checkAnnotations(problems: Problems, policy: ObjectValue, environment: Environment): void {
  const annotations = itemsOf(objectAt(policy, 'spec'), 'auditAnnotations');
  const name = textAt(metadataOf(policy), 'name');
  const all = 'spec.auditAnnotations';
  if (annotations.length > maxAnnotations) {
    problems.invalid(all, annotations, `must not have more than ${maxAnnotations} auditAnnotations`);
  }
  const keys = new Set<string>();
  for (const [index, annotation] of annotations.entries()) {
    const path = `${all}[${index}]`;
    const key = textAt(annotation, 'key');
    if (name === '') problems.invalid(`${path}.key`, key, 'requires metadata.name be non-empty');
    else problems.text(`${path}.key`, `${name}/${key}`, qualifiedNameErrors);
    const expression = textAt(annotation, 'valueExpression').trim();
    const at = `${path}.valueExpression`;
    if (expression === '') problems.required(at, 'valueExpression is not specified');
    else if (expression.length > maxAnnotationExpression) {
      problems.required(at, `must not exceed ${maxAnnotationExpression} bytes in length`);
    } else checkExpression(problems, at, expression, environment, ['string', 'null']);
    if (keys.has(key)) problems.duplicate(`${path}.key`, key);
    keys.add(key);
  }
}

export const validatingPolicyValidator: Validator = validator({
  create: checkValidations,
  subresources: {
    status: (problems, policy) => {
      const status = objectAt(policy, 'status');
      const warnings = itemsOf(objectAt(status, 'typeChecking'), 'expressionWarnings');
      for (const [index, warning] of warnings.entries()) {
        const path = `status.typeChecking.expressionWarnings[${index}]`;
        for (const field of ['warning', 'fieldRef']) {
          if (textAt(warning, field) === '') problems.required(`${path}.${field}`);
        }
      }
      checkConditions(problems, 'status.conditions', status);
    },
  },
});

/** Where a mutation has its expression, by its type. */
const patchFields: Readonly<Record<string, string>> = {
  ApplyConfiguration: 'applyConfiguration',
  JSONPatch: 'jsonPatch',
};

function checkMutation(problems: Problems, path: string, mutation: ObjectValue, environment: Environment): void {
  const type = textAt(mutation, 'patchType');
  if (type === '') return problems.required(`${path}.patchType`);
  const own = patchFields[type];
  if (own === undefined) return problems.notSupported(`${path}.patchType`, type, Object.keys(patchFields));
  const source = maybeObject(mutation, own);
  if (source === undefined) problems.required(`${path}.${own}`, `must be specified when patchType is ${type}`);
  else if (textAt(source, 'expression').trim() === '') problems.required(`${path}.${own}.expression`);
  else {
    const wanted = own === 'jsonPatch' ? 'list(JSONPatch)' : 'Object';
    const expression = textAt(source, 'expression').trim();
    checkExpression(problems, `${path}.${own}.expression`, expression, environment, [wanted]);
  }
  const other = own === 'jsonPatch' ? 'applyConfiguration' : 'jsonPatch';
  if (maybeObject(mutation, other) === undefined) return;
  problems.invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`);
}

export const mutatingPolicyValidator: Validator = validator({
  create: (problems, policy) => {
    const spec = objectAt(policy, 'spec');
    const types = checkCommon(problems, spec);
    const hasParams = maybeObject(spec, 'paramKind') !== undefined;
    const environment = policyEnvironment({ hasParams, isMutating: true, variables: types });
    const mutations = itemsOf(spec, 'mutations');
    if (mutations.length === 0) problems.required('spec.mutations', 'mutations must contain at least one item');
    for (const [index, mutation] of mutations.entries()) {
      checkMutation(problems, `spec.mutations[${index}]`, mutation, environment);
    }
    requiredOneOf('IfNeeded', 'Never')(problems, 'spec.reinvocationPolicy', spec['reinvocationPolicy']);
  },
});
