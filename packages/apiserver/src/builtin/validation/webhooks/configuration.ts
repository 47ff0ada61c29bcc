import type { ObjectValue } from '../../../value.ts';
import { itemsOf, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { labelSelector } from '../label-selector-check.ts';
import { dns1035Label, dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkClientConfig } from './client-config.ts';
import { checkMatchConditions } from './match-conditions.ts';
import { checkRule } from './rules.ts';

const choices: Readonly<Record<string, readonly string[]>> = {
  failurePolicy: ['Fail', 'Ignore'],
  matchPolicy: ['Equivalent', 'Exact'],
};
const versions = ['v1', 'v1beta1'];
const effects = ['None', 'NoneOnDryRun'];

/** A name of at least three parts. */
function checkFullName(problems: Problems, path: string, name: string): void {
  if (name === '') return problems.required(path);
  const errors = dnsSubdomain(name);
  for (const detail of errors) problems.invalid(path, name, detail);
  if (errors.length > 0 || name.split('.').length >= 3) return;
  problems.invalid(path, name, 'should be a domain with at least three segments separated by dots');
}

function checkChoice(problems: Problems, path: string, value: unknown, allowed: readonly string[]): void {
  if (typeof value === 'string' && !allowed.includes(value)) problems.notSupported(path, value, allowed);
}

function checkWebhook(problems: Problems, path: string, hook: ObjectValue): void {
  checkFullName(problems, `${path}.name`, textAt(hook, 'name'));
  for (const [index, rule] of itemsOf(hook, 'rules').entries()) checkRule(problems, `${path}.rules[${index}]`, rule);
  for (const [field, allowed] of Object.entries(choices)) {
    checkChoice(problems, `${path}.${field}`, hook[field], allowed);
  }
  if (typeof hook['sideEffects'] !== 'string') {
    problems.required(`${path}.sideEffects`, `must specify one of ${effects.join(', ')}`);
  } else checkChoice(problems, `${path}.sideEffects`, hook['sideEffects'], effects);
  const seconds = numberAt(hook, 'timeoutSeconds');
  if (seconds !== undefined && (seconds > 30 || seconds < 1)) {
    problems.invalid(`${path}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds');
  }
  for (const field of ['namespaceSelector', 'objectSelector']) {
    labelSelector(problems, `${path}.${field}`, hook[field]);
  }
  checkChoice(problems, `${path}.reinvocationPolicy`, hook['reinvocationPolicy'], ['IfNeeded', 'Never']);
  checkClientConfig(problems, `${path}.clientConfig`, objectAt(hook, 'clientConfig'));
  checkMatchConditions(problems, `${path}.matchConditions`, hook);
  checkVersions(problems, `${path}.admissionReviewVersions`, textsAt(hook, 'admissionReviewVersions'));
}

function checkVersions(problems: Problems, path: string, own: readonly string[]): void {
  if (own.length === 0) return problems.required(path, `must specify one of ${versions.join(', ')}`);
  const seen = new Set<string>();
  for (const [index, version] of own.entries()) {
    if (seen.has(version)) problems.invalid(`${path}[${index}]`, version, 'duplicate version');
    else problems.text(`${path}[${index}]`, version, dns1035Label);
    seen.add(version);
  }
  if (own.some((version) => versions.includes(version))) return;
  problems.invalid(path, own, `must include at least one of ${versions.join(', ')}`);
}

function checkConfiguration(problems: Problems, object: ObjectValue): void {
  const names = new Set<string>();
  for (const [index, hook] of itemsOf(object, 'webhooks').entries()) {
    const path = `webhooks[${index}]`;
    const name = textAt(hook, 'name');
    checkWebhook(problems, path, hook);
    if (name === '') continue;
    if (names.has(name)) problems.duplicate(`${path}.name`, name);
    names.add(name);
  }
}

/** Configurations of webhooks, of both kinds. */
export const webhooksValidator: Validator = validator({ create: checkConfiguration });
