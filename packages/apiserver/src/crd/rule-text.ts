import { fieldErrors, type FieldError } from '../field-error.ts';
import { child, index } from './field-path.ts';
import { validFieldPath } from './rule-field-path.ts';
import type { RuleSpec, Schema } from './schema.ts';

const reasons: readonly string[] = [
  'FieldValueDuplicate',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueRequired',
];

const hasLineBreak = (text: string): boolean => /[\n\r]/.test(text);

/** What is wrong with the texts of rules, before they are compiled. */
export function validateRuleTexts(schema: Schema, path: string): readonly FieldError[] {
  return schema.rules.flatMap((rule, position) => {
    const at = index(child(path, 'x-kubernetes-validations'), position);
    return [...mainText(rule, at), ...otherTexts(rule, at, schema)];
  });
}

function mainText(rule: RuleSpec, at: string): FieldError[] {
  const message = rule.message.trim();
  if (rule.rule.trim() === '') return [fieldErrors.required(child(at, 'rule'), 'rule is not specified')];
  if (rule.message !== '' && message === '')
    return [fieldErrors.invalid(child(at, 'message'), rule.message, 'must be non-empty if specified')];
  if (hasLineBreak(message))
    return [fieldErrors.invalid(child(at, 'message'), rule.message, 'must not contain line breaks')];
  if (hasLineBreak(rule.rule.trim()) && message === '')
    return [fieldErrors.required(child(at, 'message'), 'message must be specified if rule contains line breaks')];
  return [];
}

function otherTexts(rule: RuleSpec, at: string, schema: Schema): FieldError[] {
  const errors: FieldError[] = [];
  if (rule.messageExpression !== '' && rule.messageExpression.trim() === '')
    errors.push(
      fieldErrors.required(child(at, 'messageExpression'), 'messageExpression must be non-empty if specified'),
    );
  if (rule.reason !== undefined && !reasons.includes(rule.reason))
    errors.push(fieldErrors.notSupported(child(at, 'reason'), rule.reason, reasons));
  if (rule.fieldPath === '') return errors;
  const fieldPath = child(at, 'fieldPath');
  if (rule.fieldPath.trim() === '')
    errors.push(fieldErrors.invalid(fieldPath, rule.fieldPath, 'must be non-empty if specified'));
  if (hasLineBreak(rule.fieldPath))
    errors.push(fieldErrors.invalid(fieldPath, rule.fieldPath, 'must not contain line breaks'));
  if ('problem' in validFieldPath(rule.fieldPath, schema))
    errors.push(fieldErrors.invalid(fieldPath, rule.fieldPath, 'must be a valid path'));
  return errors;
}
