import { dns1035Label } from '../builtin/validation/names.ts';
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

function validateClient(client: ObjectValue | undefined, path: string): FieldError[] {
  if (!client) return [fieldErrors.required(path, 'required when strategy is set to Webhook')];
  const { url, service } = client;
  if ((typeof url === 'string') === isObject(service))
    return [fieldErrors.required(path, 'exactly one of url or service is required')];
  if (typeof url === 'string') return validateUrl(url, child(path, 'url'));
  return isObject(service) ? validateService(service, child(path, 'service')) : [];
}

const urlForm = 'desired format: https://host[/path]';

function validateUrl(url: string, path: string): FieldError[] {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) return [fieldErrors.required(path, `url must be a valid URL: ${JSON.stringify(url)}; ${urlForm}`)];
  const errors: FieldError[] = [];
  const invalid = (value: string, detail: string): number =>
    errors.push(fieldErrors.invalid(path, value, `${detail}; ${urlForm}`));
  const scheme = parsed.protocol.slice(0, -1);
  if (scheme !== 'https') invalid(scheme, "'https' is the only allowed URL scheme");
  if (parsed.host === '') invalid(parsed.host, 'host must be specified');
  if (parsed.username !== '') invalid(parsed.username, 'user information is not permitted in the URL');
  if (parsed.hash !== '') invalid(parsed.hash.slice(1), 'fragments are not permitted in the URL');
  if (parsed.search !== '') invalid(parsed.search.slice(1), 'query parameters are not permitted in the URL');
  return errors;
}

function validateService(service: ObjectValue, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (textOf(service['name']) === '')
    errors.push(fieldErrors.required(child(path, 'name'), 'service name is required'));
  if (textOf(service['namespace']) === '')
    errors.push(fieldErrors.required(child(path, 'namespace'), 'service namespace is required'));
  const port = service['port'];
  if (typeof port === 'number' && (port < 1 || port > 65_535))
    errors.push(
      fieldErrors.invalid(child(path, 'port'), port, 'port is not valid: must be between 1 and 65535, inclusive'),
    );
  const urlPath = textOf(service['path']);
  if (urlPath !== '' && !urlPath.startsWith('/'))
    errors.push(fieldErrors.invalid(child(path, 'path'), urlPath, "must start with a '/'"));
  return errors;
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
