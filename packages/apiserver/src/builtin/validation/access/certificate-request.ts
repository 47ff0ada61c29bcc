import { X509Certificate } from 'node:crypto';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { itemsOf, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkSignerName } from './signer-name.ts';
import { signingRequestProblem } from './signing-request.ts';

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
const legacySigner = 'kubernetes.io/legacy-unknown';
const leastSeconds = 600;
const decisions = ['Approved', 'Denied'] as const;
/** Conditions that are either there or not. */
const onlyTrue = new Set(['Approved', 'Denied', 'Failed']);

function checkSpec(problems: Problems, request: ObjectValue): void {
  const spec = objectAt(request, 'spec');
  const problem = signingRequestProblem(textAt(spec, 'request'));
  if (problem !== undefined) problems.invalid('spec.request', spec['request'] ?? null, problem);
  checkUsages(problems, textsAt(spec, 'usages'));
  const signer = textAt(spec, 'signerName');
  if (signer === legacySigner) {
    problems.invalid('spec.signerName', signer, 'the legacy signerName is not allowed via this API version');
  } else checkSignerName(problems, 'spec.signerName', signer);
  const seconds = numberAt(spec, 'expirationSeconds');
  if (seconds !== undefined && seconds < leastSeconds) {
    const detail = 'may not specify a duration less than 600 seconds (10 minutes)';
    problems.invalid('spec.expirationSeconds', seconds, detail);
  }
}

function checkUsages(problems: Problems, given: readonly string[]): void {
  if (given.length === 0) problems.required('spec.usages');
  for (const [index, usage] of given.entries()) {
    if (!usages.includes(usage)) problems.notSupported(`spec.usages[${index}]`, usage, usages);
  }
  for (const [index, usage] of given.entries()) {
    if (given.indexOf(usage) < index) problems.duplicate(`spec.usages[${index}]`, usage);
  }
}

function conditionsOf(request: ObjectValue, type?: string): readonly ObjectValue[] {
  const all = itemsOf(objectAt(request, 'status'), 'conditions');
  return type === undefined ? all : all.filter((condition) => condition['type'] === type);
}

function checkConditions(problems: Problems, request: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, condition] of conditionsOf(request).entries()) {
    const path = `status.conditions[${index}]`;
    const [type, status] = [textAt(condition, 'type'), textAt(condition, 'status')];
    if (type === '') problems.required(`${path}.type`);
    const allowed = onlyTrue.has(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (status === '') problems.required(`${path}.status`);
    else if (!allowed.includes(status)) problems.notSupported(`${path}.status`, status, allowed);
    const other = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined;
    if (other !== undefined && seen.has(other)) {
      problems.invalid('status.conditions', type, 'Approved and Denied conditions are mutually exclusive');
    }
    if (seen.has(type)) problems.duplicate(`${path}.type`, type);
    seen.add(type);
  }
}

function checkCertificate(problems: Problems, request: ObjectValue, old: ObjectValue | undefined): void {
  const certificate = textAt(objectAt(request, 'status'), 'certificate');
  if (certificate === '' || certificate === textAt(objectAt(old, 'status'), 'certificate')) return;
  const problem = certificateProblem(Buffer.from(certificate, 'base64').toString('latin1'));
  if (problem !== undefined) problems.invalid('status.certificate', '<certificate data>', problem);
}

function certificateProblem(pem: string): string | undefined {
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)];
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  for (const [text, type] of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (/^[\w-]+: /m.test(text)) return 'no PEM block headers are permitted';
    if (!isCertificate(text)) return 'x509: malformed certificate';
  }
  return undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function check(problems: Problems, request: ObjectValue, old?: ObjectValue): void {
  checkSpec(problems, request);
  checkConditions(problems, request);
  checkCertificate(problems, request, old);
}

function checkUpdate(
  problems: Problems,
  request: ObjectValue,
  old: ObjectValue,
  may: { readonly decide: boolean; readonly sign: boolean },
): void {
  check(problems, request, old);
  for (const type of onlyTrue) {
    if (conditionsOf(request, type).length < conditionsOf(old, type).length) {
      problems.forbidden('status.conditions', `updates may not remove a condition of type "${type}"`);
    }
  }
  if (!may.decide) for (const type of decisions) checkDecision(problems, request, old, type);
  const [now, before] = [request, old].map((object) => textAt(objectAt(object, 'status'), 'certificate'));
  if (now === before) return;
  if (!may.sign) problems.forbidden('status.certificate', 'updates may not set certificate content');
  else if (before !== '')
    problems.forbidden('status.certificate', 'updates may not modify existing certificate content');
}

function checkDecision(problems: Problems, request: ObjectValue, old: ObjectValue, type: string): void {
  const [now, before] = [conditionsOf(request, type), conditionsOf(old, type)];
  if (now.length < before.length) return;
  if (now.length > before.length) {
    problems.forbidden('status.conditions', `updates may not add a condition of type "${type}"`);
  } else if (!semanticallyEqual([...now], [...before])) {
    problems.forbidden('status.conditions', `updates may not modify a condition of type "${type}"`);
  }
}

export const certificateRequestValidator: Validator = validator({
  create: (problems, request) => check(problems, request),
  update: (problems, request, old) => checkUpdate(problems, request, old, { decide: false, sign: false }),
  subresources: {
    status: (problems, request, old) => checkUpdate(problems, request, old, { decide: false, sign: true }),
    approval: (problems, request, old) => checkUpdate(problems, request, old, { decide: true, sign: false }),
  },
});
