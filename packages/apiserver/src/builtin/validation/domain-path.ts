import { dnsSubdomain } from './names.ts';
import type { Problems } from './problems.ts';

const path = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** `example.com/some-path`. */
export function domainPath(problems: Problems, at: string, value: string): void {
  if (value === '') return problems.required(at);
  const slash = value.indexOf('/');
  const host = slash < 0 ? '' : value.slice(0, slash);
  const rest = value.slice(slash + 1);
  if (host === '' || rest === '') {
    return problems.invalid(at, value, 'must be a domain-prefixed path (such as "acme.io/foo")');
  }
  problems.text(at, host, dnsSubdomain);
  if (new RegExp(`^${path}$`).test(rest)) return;
  problems.invalid(at, rest, `Invalid path (regex used for validation is '${path}')`);
}
