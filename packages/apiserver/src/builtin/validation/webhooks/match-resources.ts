import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, textAt, textsAt } from '../../object-path.ts';
import { requiredOneOf } from '../checks.ts';
import { labelSelector } from '../label-selector-check.ts';
import { dns1035Label, dnsSubdomain, pathSegment } from '../names.ts';
import type { Problems } from '../problems.ts';
import { checkRule } from './rules.ts';

/** Which requests a policy or its binding is about. */
export function checkMatchResources(problems: Problems, path: string, match: ObjectValue): void {
  requiredOneOf('Equivalent', 'Exact')(problems, `${path}.matchPolicy`, match['matchPolicy']);
  for (const field of ['namespaceSelector', 'objectSelector']) {
    if (maybeObject(match, field) === undefined) problems.required(`${path}.${field}`);
    else labelSelector(problems, `${path}.${field}`, match[field]);
  }
  for (const list of ['resourceRules', 'excludeResourceRules']) {
    for (const [index, rule] of itemsOf(match, list).entries()) {
      const at = `${path}.${list}[${index}]`;
      checkNames(problems, `${at}.resourceNames`, textsAt(rule, 'resourceNames'));
      checkRule(problems, at, rule);
    }
  }
}

function checkNames(problems: Problems, path: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    problems.text(`${path}[${index}]`, name, pathSegment);
    if (seen.has(name)) problems.duplicate(`${path}[${index}]`, name);
    seen.add(name);
  }
}

/** The kind of a policy's parameters. */
export function checkParamKind(problems: Problems, path: string, kind: ObjectValue): void {
  const version = textAt(kind, 'apiVersion');
  const at = `${path}.apiVersion`;
  const parts = version.split('/');
  const [group, name] = parts.length === 1 ? ['', version] : parts;
  if (version === '') problems.required(at);
  else if (parts.length > 2) problems.invalid(at, version, `unexpected GroupVersion string: ${version}`);
  else {
    const ofGroup = group === '' || group === undefined ? [] : dnsSubdomain(group);
    if (ofGroup.length > 0) problems.invalid(at, group, ofGroup.join(','));
    if (name === '' || name === undefined) problems.invalid(at, version, 'version must be specified');
    else if (dns1035Label(name).length > 0) problems.invalid(at, name, dns1035Label(name).join(','));
  }
  const own = textAt(kind, 'kind');
  const errors = dns1035Label(own.toLowerCase());
  if (own === '') problems.required(`${path}.kind`);
  else if (errors.length > 0) {
    problems.invalid(`${path}.kind`, own, `may have mixed case, but should otherwise match: ${errors.join(',')}`);
  }
}

/** Which parameters a binding gives its policy. */
export function checkParamRef(problems: Problems, path: string, reference: ObjectValue): void {
  const name = textAt(reference, 'name');
  const selector = maybeObject(reference, 'selector');
  const isBoth = name !== '' && selector !== undefined;
  const detail = 'name and selector are mutually exclusive';
  if (name !== '') problems.text(`${path}.name`, name, pathSegment);
  if (isBoth) problems.forbidden(`${path}.name`, detail);
  labelSelector(problems, `${path}.selector`, selector);
  if (isBoth) problems.forbidden(`${path}.selector`, detail);
  if (name === '' && selector === undefined) problems.required(path, 'one of name or selector must be specified');
  requiredOneOf('Deny', 'Allow')(problems, `${path}.parameterNotFoundAction`, reference['parameterNotFoundAction']);
}
