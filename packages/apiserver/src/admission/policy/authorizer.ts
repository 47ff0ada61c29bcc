import type { Library } from '../../cel/functions.ts';
import type { CelType } from '../../cel/type.ts';
import { Failure } from '../../cel/value.ts';
import type { CelMap, CelValue, Opaque } from '../../cel/value.ts';
import type { AccessAttributes, AccessDecision, AdmissionAttributes, Authorize } from '../../parts.ts';
import type { UserInfo } from '../../request/user.ts';

type Ask = (attributes: Partial<AccessAttributes>) => AccessDecision;

const nothing: AccessAttributes = {
  isResource: false,
  path: '',
  verb: '',
  group: '',
  version: '*',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
};

/** A question in the making: expressions add to it until they ask whether a verb is allowed. */
class Question implements Opaque {
  readonly opaque = 'Check';
  readonly ask: Ask;
  readonly attributes: Partial<AccessAttributes>;

  constructor(ask: Ask, attributes: Partial<AccessAttributes>) {
    this.ask = ask;
    this.attributes = attributes;
  }

  equals(other: Opaque): boolean {
    return this === other;
  }
}

class Decision implements Opaque {
  readonly opaque = 'Decision';
  readonly decision: AccessDecision;

  constructor(decision: AccessDecision) {
    this.decision = decision;
  }

  equals(other: Opaque): boolean {
    return this === other;
  }
}

/** What expressions know as `authorizer`: asks for the user of the request, or for a service account. */
export class AuthorizerValue implements CelMap {
  readonly isMap = true;
  readonly size = 1;
  readonly typeName = 'kubernetes.authorization.Authorizer';
  readonly #authorize: Authorize;
  readonly #user: UserInfo;
  readonly #request: AdmissionAttributes;

  constructor(authorize: Authorize, user: UserInfo, request: AdmissionAttributes) {
    this.#authorize = authorize;
    this.#user = user;
    this.#request = request;
  }

  question(attributes: Partial<AccessAttributes>): Question {
    return new Question((asked) => this.#authorize(this.#user, { ...nothing, ...asked }), attributes);
  }

  forAccount(namespace: string, name: string): AuthorizerValue {
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    const account = { name: `system:serviceaccount:${namespace}:${name}`, groups };
    return new AuthorizerValue(this.#authorize, account, this.#request);
  }

  get(key: CelValue): CelValue | undefined {
    if (key !== 'requestResource') return undefined;
    const { resource, subresource, namespace, name } = this.#request;
    const { group, version, plural } = resource;
    return this.question({ isResource: true, group, version, resource: plural, subresource, namespace, name });
  }

  keys(): readonly CelValue[] {
    return ['requestResource'];
  }
}

const question: CelType = { kind: 'opaque', name: 'Check' };

export const authorizerType: CelType = {
  kind: 'object',
  name: 'kubernetes.authorization.Authorizer',
  field: (name) => (name === 'requestResource' ? question : undefined),
};

const noOverload = new Failure('no such overload');

/** Adds to a question. */
const adding =
  (field: keyof AccessAttributes) =>
  (on: CelValue | undefined, text: CelValue | undefined): CelValue =>
    on instanceof Question ? new Question(on.ask, { ...on.attributes, [field]: String(text) }) : noOverload;

const told =
  (part: (decision: AccessDecision) => CelValue) =>
  (on: CelValue | undefined): CelValue =>
    on instanceof Decision ? part(on.decision) : noOverload;

/** Functions of the authorizer; what they are called on is looked at when they run. */
export const authorizerLibrary: Library = [
  [
    'A.path(string): Check',
    (on, path) => (on instanceof AuthorizerValue ? on.question({ path: String(path) }) : noOverload),
  ],
  [
    'A.group(string): Check',
    (on, group) =>
      on instanceof AuthorizerValue ? on.question({ isResource: true, group: String(group) }) : noOverload,
  ],
  [
    'A.serviceAccount(string, string): A',
    (on, namespace, name) =>
      on instanceof AuthorizerValue ? on.forAccount(String(namespace), String(name)) : noOverload,
  ],
  ['Check.resource(string): Check', adding('resource')],
  ['Check.subresource(string): Check', adding('subresource')],
  ['Check.namespace(string): Check', adding('namespace')],
  ['Check.name(string): Check', adding('name')],
  [
    'Check.check(string): Decision',
    (on, verb) =>
      on instanceof Question ? new Decision(on.ask({ ...on.attributes, verb: String(verb) })) : noOverload,
  ],
  ['Decision.allowed(): bool', told(({ allowed }) => allowed)],
  ['Decision.reason(): string', told(({ reason }) => reason)],
  ['Decision.errored(): bool', told(() => false)],
  ['Decision.error(): string', told(() => '')],
];
