import type { ObjectValue } from '../../../value.ts';
import { maybeObject, numberAt, textAt } from '../../object-path.ts';
import { dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';

const form = '; desired format: https://host[/path]';

/** Where a webhook is: at a URL or at a service. */
export function checkClientConfig(problems: Problems, path: string, config: ObjectValue): void {
  const url = config['url'];
  const service = maybeObject(config, 'service');
  if ((url === undefined) === (service === undefined)) {
    return problems.required(path, 'exactly one of url or service is required');
  }
  if (typeof url === 'string') checkUrl(problems, `${path}.url`, url);
  if (service !== undefined) checkService(problems, `${path}.service`, service);
}

const urlParts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s;

function checkUrl(problems: Problems, path: string, url: string): void {
  const [whole, scheme = '', user, host = '', query = '', fragment = ''] = urlParts.exec(url) ?? [];
  if (whole === undefined)
    return problems.required(path, `url must be a valid URL: parse ${JSON.stringify(url)}${form}`);
  if (scheme.toLowerCase() !== 'https') {
    problems.invalid(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`);
  }
  if (host === '') problems.invalid(path, host, `host must be specified${form}`);
  if (user !== undefined) problems.invalid(path, user, 'user information is not permitted in the URL');
  if (fragment !== '') problems.invalid(path, fragment, 'fragments are not permitted in the URL');
  if (query !== '') problems.invalid(path, query, 'query parameters are not permitted in the URL');
}

function checkService(problems: Problems, path: string, service: ObjectValue): void {
  // The real server passes name and namespace in the wrong order, so they are told the other way around.
  if (textAt(service, 'namespace') === '') problems.required(`${path}.name`);
  if (textAt(service, 'name') === '') problems.required(`${path}.namespace`);
  const port = numberAt(service, 'port') ?? 0;
  if (port < 1 || port > 65_535) {
    problems.invalid(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive');
  }
  const url = textAt(service, 'path');
  const at = `${path}.path`;
  if (url === '' || url === '/') return;
  if (url === '//') return problems.invalid(at, url, 'segment[0] may not be empty');
  if (!url.startsWith('/')) problems.invalid(at, url, "must start with a '/'");
  for (const [index, step] of url.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (step === '') problems.invalid(at, url, `segment[${index}] may not be empty`);
    else for (const detail of dnsSubdomain(step)) problems.invalid(at, url, `segment[${index}]: ${detail}`);
  }
}
