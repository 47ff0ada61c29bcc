import { dns1035Label } from '../builtin/validation/names.ts';
import { Problems } from '../builtin/validation/problems.ts';
import { checkClientConfig } from '../builtin/validation/webhooks/client-config.ts';
import { fieldErrors, type FieldError } from '../field-error.ts';
import { isObject, type ObjectValue } from '../value.ts';
import { listOf, textOf } from './definition-spec.ts';
import { child, index } from './field-path.ts';

const reviewVersions: readonly string[] = ['v1', 'v1beta1'];

/** How objects are converted between versions: not at all, or by a webhook. */
export function validateConversion(conversion: ObjectValue | undefined, path: string): readonly FieldError[] {
  if (!conversion) return [];
  const strategy = textOf(conversion['strategy']);
  const webhook = isObject(conversion['webhook']) ? conversion['webhook'] : undefined;
  const at = child(path, 'strategy');
  const errors: FieldError[] = [];
  if (strategy === '') errors.push(fieldErrors.required(at));
  else if (strategy !== 'None' && strategy !== 'Webhook')
    errors.push(fieldErrors.notSupported(at, strategy, ['None', 'Webhook']));
  const client = isObject(webhook?.['clientConfig']) ? webhook['clientConfig'] : undefined;
  const versions = listOf(webhook?.['conversionReviewVersions']).map(textOf);
  const [clientPath, versionsPath] = [child(path, 'webhookClientConfig'), child(path, 'conversionReviewVersions')];
  if (strategy === 'Webhook')
    return [...errors, ...validateClient(client, clientPath), ...validateReviewVersions(versions, versionsPath)];
  const unwanted = 'should not be set when strategy is not set to Webhook';
  if (client) errors.push(fieldErrors.forbidden(clientPath, unwanted));
  if (versions.length > 0) errors.push(fieldErrors.forbidden(versionsPath, unwanted));
  return errors;
}

function validateClient(client: ObjectValue | undefined, path: string): readonly FieldError[] {
  if (!client) return [fieldErrors.required(path, 'required when strategy is set to Webhook')];
  const problems = new Problems();
  checkClientConfig(problems, path, client);
  return problems.errors;
}

function validateReviewVersions(versions: readonly string[], path: string): FieldError[] {
  if (versions.length === 0) return [fieldErrors.required(path)];
  const errors: FieldError[] = [];
  for (const [position, version] of versions.entries()) {
    const at = index(path, position);
    if (versions.indexOf(version) < position) errors.push(fieldErrors.invalid(at, version, 'duplicate version'));
    else for (const problem of dns1035Label(version)) errors.push(fieldErrors.invalid(at, version, problem));
  }
  if (!versions.some((version) => reviewVersions.includes(version)))
    errors.push(fieldErrors.invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`));
  return errors;
}
