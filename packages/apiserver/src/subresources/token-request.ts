import { issueToken, type Bound } from '../access/account-token.ts';
import { strings } from '../access/policy-rule.ts';
import type { SigningKey } from '../access/signing-key.ts';

import { fieldErrors, type FieldError } from '../field-error.ts';
import { timestamp } from '../operations/times.ts';
import type { Core, Parts, SubresourceHandler } from '../parts.ts';
import { badRequest, conflict, invalid, methodNotAllowed, notFound } from '../status-error.ts';
import { isObject, metadataOf, type ObjectValue, type Value } from '../value.ts';
import { valueAt } from './scale-shape.ts';
import { admitSubresource, readSubresourceBody } from './subresource-body.ts';

const tokenKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;
/** Kubelets ask for this; such a token works longer, for programs that do not read it anew (KEP-1205). */
const kubeletSeconds = 3607;
const extendedSeconds = 365 * 24 * 3600;

/** Who issues. */
export interface TokenIssuer {
  readonly key: SigningKey;
  readonly issuer: string;
}

/** `serviceaccounts/token`. */
export function tokenRequestHandler(core: Core, parts: () => Parts, issuer: TokenIssuer): SubresourceHandler {
  return async (context, accounts) => {
    const { info, now } = context;
    if (info.verb !== 'create') throw methodNotAllowed();
    const body = readSubresourceBody(parts(), context, tokenKind);
    checkName(body.object, info.namespace, info.name);
    const account = core.operations.get(accounts, info.namespace, info.name);
    checkUid(body.object, account);
    const spec = isObject(body.object['spec']) ? body.object['spec'] : {};
    const seconds = spec['expirationSeconds'] ?? defaultSeconds;
    const errors = validateSeconds(seconds);
    if (errors.length > 0) throw invalid(tokenKind, '', errors);
    await admitSubresource(parts(), context, accounts, 'token', body);
    const given = strings(spec['audiences']);
    const audiences = given.length > 0 ? given : [issuer.issuer];
    const bound = boundObjects(core, info.namespace, info.name, spec['boundObjectRef']);
    const token = issue(issuer, { account, audiences, seconds: Number(seconds), bound, now });
    const object = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { ...identityOf(account), creationTimestamp: timestamp(now) },
      spec: { audiences: [...audiences], expirationSeconds: seconds, boundObjectRef: spec['boundObjectRef'] ?? null },
      status: { token, expirationTimestamp: timestamp(now + Number(seconds) * 1000) },
    };
    return { type: 'plain', status: 201, object };
  };
}

function checkName(request: ObjectValue, namespace: string, name: string): void {
  const given = metadataOf(request);
  const mismatch = (field: 'name' | 'namespace', expected: string): FieldError[] => {
    const value = given[field];
    if (value === undefined || value === '' || value === expected) return [];
    return [fieldErrors.invalid(`metadata.${field}`, value, `must match the service account ${field} if specified`)];
  };
  const [error] = [...mismatch('name', name), ...mismatch('namespace', namespace)];
  if (error !== undefined) throw invalid(tokenKind, name, [error]);
}

function checkUid(request: ObjectValue, account: ObjectValue): void {
  const given = metadataOf(request)['uid'];
  const { uid, name } = metadataOf(account);
  if (given === undefined || given === '' || given === uid) return;
  const detail = `the UID in the token request (${String(given)}) does not match the UID of the service account (${String(uid)})`;
  throw conflict({ group: tokenKind.group, plural: tokenKind.kind }, String(name), detail);
}

function validateSeconds(seconds: Value): readonly FieldError[] {
  const field = 'spec.expirationSeconds';
  if (Number(seconds) < leastSeconds) {
    return [fieldErrors.invalid(field, seconds, 'may not specify a duration less than 10 minutes')];
  }
  return Number(seconds) > mostSeconds
    ? [fieldErrors.invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
    : [];
}

function identityOf(object: ObjectValue): ObjectValue {
  const { name = '', namespace = '', uid = '' } = metadataOf(object);
  return { name, namespace, uid };
}

interface BoundObjects {
  readonly pod?: Bound;
  readonly secret?: Bound;
  readonly node?: Bound;
}

const bindable: Readonly<Record<string, { readonly plural: string; readonly claim: keyof BoundObjects }>> = {
  Pod: { plural: 'pods', claim: 'pod' },
  Secret: { plural: 'secrets', claim: 'secret' },
  Node: { plural: 'nodes', claim: 'node' },
};

/** What the token ends with: the object of its reference, and a pod's node. */
function boundObjects(core: Core, namespace: string, account: string, ref: Value | undefined): BoundObjects {
  if (!isObject(ref)) return {};
  const { kind, apiVersion, name, uid } = ref;
  const target = apiVersion === 'v1' ? bindable[String(kind)] : undefined;
  if (target === undefined) {
    const [group, version] = String(apiVersion ?? '').includes('/') ? String(apiVersion).split('/') : ['', apiVersion];
    throw badRequest(
      `cannot bind token to object of type ${String(group)}/${String(version ?? '')}, Kind=${String(kind ?? '')}`,
    );
  }
  const object = find(core, target.plural, target.claim === 'node' ? '' : namespace, String(name));
  if (object === undefined) throw notFound({ group: '', plural: target.plural }, String(name));
  if (target.claim === 'pod' && valueAt(object, ['spec', 'serviceAccountName']) !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    );
  }
  const own = boundOf(object);
  if (uid !== undefined && uid !== '' && uid !== own.uid) {
    const detail = `the UID in the bound object reference (${String(uid)}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', plural: String(kind) }, String(name), detail);
  }
  return { [target.claim]: own, ...(target.claim === 'pod' ? nodeOf(core, object) : {}) };
}

function find(
  { registry, operations }: Core,
  plural: string,
  namespace: string,
  name: string,
): ObjectValue | undefined {
  const resource = registry.find('', 'v1', plural);
  return resource === undefined ? undefined : operations.find(resource, namespace, name);
}

function boundOf(object: ObjectValue): Bound {
  const { name, uid } = metadataOf(object);
  return { name: String(name), uid: String(uid) };
}

function nodeOf(core: Core, pod: ObjectValue): BoundObjects {
  const name = valueAt(pod, ['spec', 'nodeName']);
  if (typeof name !== 'string' || name === '') return {};
  const node = find(core, 'nodes', '', name);
  return { node: node === undefined ? { name, uid: '' } : boundOf(node) };
}

interface TokenInput {
  readonly account: ObjectValue;
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly bound: BoundObjects;
  readonly now: number;
}

function issue({ key, issuer }: TokenIssuer, { account, audiences, seconds, bound, now }: TokenInput): string {
  const extended = bound.pod !== undefined && seconds === kubeletSeconds && audiences.every((item) => item === issuer);
  const issuedAt = Math.floor(now / 1000);
  return issueToken(key, {
    issuer,
    audiences,
    namespace: String(metadataOf(account)['namespace']),
    account: boundOf(account),
    ...bound,
    issuedAt,
    expiresAt: issuedAt + (extended ? extendedSeconds : seconds),
  });
}
