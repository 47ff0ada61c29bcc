import type { FieldError } from '../field-error.ts';
import { fieldErrors } from '../field-error.ts';
import type { UserInfo } from '../request/user.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import type { Attributes } from './attributes.ts';
import type { Decision } from './authorizer.ts';
import { strings } from './policy-rule.ts';

/** `self`: of whoever asks; `subject`: of the one named; `local`: the same, within one namespace. */
export type ReviewScope = 'self' | 'subject' | 'local';

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function specOf(review: ObjectValue): ObjectValue {
  const spec = review['spec'];
  return isObject(spec) ? spec : {};
}

/** What is wrong with a SubjectAccessReview or one of its kin. */
export function validateAccessReview(review: ObjectValue, scope: ReviewScope): readonly FieldError[] {
  const spec = specOf(review);
  return [
    ...validateSubject(spec, scope),
    ...validateSelectors(spec['resourceAttributes']),
    ...validateMetadata(review, scope),
    ...(scope === 'local' ? validateNamespace(review, spec) : []),
  ];
}

/** Go prints the struct with its own field names. */
function pathAttributes(value: Value | undefined): unknown {
  return isObject(value) ? { Path: text(value['path']), Verb: text(value['verb']) } : null;
}

function validateSubject(spec: ObjectValue, scope: ReviewScope): readonly FieldError[] {
  const resource = isObject(spec['resourceAttributes']);
  const path = spec['nonResourceAttributes'];
  const errors: FieldError[] = [];
  if (resource && isObject(path)) {
    const detail = 'cannot be specified in combination with resourceAttributes';
    errors.push(fieldErrors.invalid('spec.nonResourceAttributes', pathAttributes(path), detail));
  }
  if (!resource && !isObject(path)) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push(fieldErrors.invalid('spec.resourceAttributes', null, detail));
  }
  if (scope !== 'self' && text(spec['user']) === '' && strings(spec['groups']).length === 0) {
    errors.push(fieldErrors.invalid('spec.user', '', 'at least one of user or group must be specified'));
  }
  return errors;
}

function validateSelectors(attributes: Value | undefined): readonly FieldError[] {
  if (!isObject(attributes)) return [];
  return ['fieldSelector', 'labelSelector'].flatMap((name) => {
    const selector = attributes[name];
    return isObject(selector) ? validateSelector(selector, `spec.resourceAttributes.${name}`) : [];
  });
}

function validateSelector(selector: ObjectValue, field: string): readonly FieldError[] {
  const raw = text(selector['rawSelector']);
  const requirements = Array.isArray(selector['requirements']) ? selector['requirements'].filter(isObject) : [];
  const errors: FieldError[] = [];
  if (raw !== '' && requirements.length > 0) {
    const detail = 'may not specified at the same time as requirements';
    errors.push(fieldErrors.invalid(`${field}.rawSelector`, raw, detail));
  }
  if (raw === '' && requirements.length === 0) {
    const detail = `when ${field} is specified, requirements or rawSelector is required`;
    errors.push(fieldErrors.required(`${field}.requirements`, detail));
  }
  requirements.forEach((requirement, index) => {
    errors.push(...validateRequirement(requirement, `${field}.requirements[${index}]`));
  });
  return errors;
}

/** Unknown operators are let through: a newer client may know them (KEP-4601). */
function validateRequirement(requirement: ObjectValue, field: string): readonly FieldError[] {
  const operator = text(requirement['operator']);
  const count = strings(requirement['values']).length;
  const errors: FieldError[] = [];
  if ((operator === 'In' || operator === 'NotIn') && count === 0) {
    const detail = "must be specified when `operator` is 'In' or 'NotIn'";
    errors.push(fieldErrors.required(`${field}.values`, detail));
  }
  if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0) {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    errors.push(fieldErrors.forbidden(`${field}.values`, detail));
  }
  if (text(requirement['key']) === '') errors.push(fieldErrors.required(`${field}.key`, 'must be specified'));
  return errors;
}

function validateMetadata(review: ObjectValue, scope: ReviewScope): readonly FieldError[] {
  const metadata = isObject(review['metadata']) ? review['metadata'] : {};
  const allowed = new Set(['managedFields', ...(scope === 'local' ? ['namespace'] : [])]);
  const other = Object.entries(metadata).some(([key, value]) => !allowed.has(key) && value !== null && value !== '');
  if (!other) return [];
  const detail = scope === 'local' ? 'must be empty except for namespace' : 'must be empty';
  return [fieldErrors.invalid('metadata', metadata, detail)];
}

function validateNamespace(review: ObjectValue, spec: ObjectValue): readonly FieldError[] {
  const metadata = isObject(review['metadata']) ? review['metadata'] : {};
  const { resourceAttributes, nonResourceAttributes } = spec;
  const errors: FieldError[] = [];
  if (isObject(resourceAttributes) && text(resourceAttributes['namespace']) !== text(metadata['namespace'])) {
    const asked = text(resourceAttributes['namespace']);
    errors.push(fieldErrors.invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace'));
  }
  if (isObject(nonResourceAttributes)) {
    const value = pathAttributes(nonResourceAttributes);
    errors.push(fieldErrors.invalid('spec.nonResourceAttributes', value, 'disallowed on this kind of request'));
  }
  return errors;
}

/** What a valid review asks about. */
export function reviewedAttributes(review: ObjectValue): Attributes {
  const { resourceAttributes, nonResourceAttributes } = specOf(review);
  if (isObject(nonResourceAttributes)) {
    return { verb: text(nonResourceAttributes['verb']), path: text(nonResourceAttributes['path']) };
  }
  const asked = isObject(resourceAttributes) ? resourceAttributes : {};
  return {
    verb: text(asked['verb']),
    group: text(asked['group']),
    resource: text(asked['resource']),
    subresource: text(asked['subresource']),
    namespace: text(asked['namespace']),
    name: text(asked['name']),
  };
}

/** Whom a review that names a subject asks about. */
export function reviewedUser(review: ObjectValue): UserInfo {
  const spec = specOf(review);
  return { name: text(spec['user']), groups: strings(spec['groups']) };
}

const labelOperators = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** Selectors never narrow RBAC; one that cannot be read is told. */
function evaluationError(review: ObjectValue): string {
  const attributes = specOf(review)['resourceAttributes'];
  if (!isObject(attributes)) return '';
  const problems: string[] = [];
  const broken = (name: string, test: (requirement: ObjectValue) => boolean): void => {
    const selector = attributes[name];
    if (!isObject(selector) || !Array.isArray(selector['requirements'])) return;
    if (selector['requirements'].filter(isObject).every(test)) return;
    problems.push(`spec.resourceAttributes.${name} ignored due to parse error`);
  };
  broken('fieldSelector', (requirement) => {
    const operator = text(requirement['operator']);
    return (operator === 'In' || operator === 'NotIn') && strings(requirement['values']).length === 1;
  });
  broken('labelSelector', (requirement) => labelOperators.has(text(requirement['operator'])));
  return problems.join('; ');
}

/** `status` of the answered review. */
export function accessReviewStatus(review: ObjectValue, { allowed, reason }: Decision): ObjectValue {
  const problem = evaluationError(review);
  return {
    allowed,
    ...(reason === '' ? {} : { reason }),
    ...(problem === '' ? {} : { evaluationError: problem }),
  };
}
