import { jsonAnswer } from '../discovery/plain-answer.ts';
import { clientCertificateHeaderName } from '../http/client-certificate.ts';
import type {
  Authenticate,
  Authorize,
  Codec,
  Core,
  Impersonate,
  PathHandler,
  VirtualResourceHandler,
} from '../parts.ts';
import type { UserInfo } from '../request/user.ts';
import type { ObjectValue } from '../value.ts';
import { authenticateBearer, certificateUser, parseCertificateSubject } from './authenticator.ts';
import { attributesOf, type Attributes } from './attributes.ts';
import { authorize, type Decision } from './authorizer.ts';
import { Impersonator, wantedUser } from './impersonation.ts';
import { issuerDocument } from './issuer-discovery.ts';
import { reviewHandlers } from './review-handlers.ts';
import type { RoleReader } from './rule-resolver.ts';
import { loadSigningKey, type SigningKey } from './signing-key.ts';
import { storedRoles } from './stored-roles.ts';
import { TokenAuthenticator } from './token-authenticator.ts';

/** Everything about access that the pipeline calls. */
export interface AccessParts {
  readonly authenticate: Authenticate;
  readonly impersonate: Impersonate;
  readonly authorize: Authorize;
  readonly virtualResources: readonly (readonly [string, VirtualResourceHandler])[];
  readonly path: PathHandler;
  readonly reader: RoleReader;
  readonly key: SigningKey;
  readonly issuer: string;
}

const defaultIssuer = 'https://kubernetes.default.svc';

/** Makes the access parts of a server. */
export function accessParts({ options, store }: Core, codec: Codec): AccessParts {
  const issuer = options.serviceAccountIssuer ?? defaultIssuer;
  const key = loadSigningKey(options.dataDir);
  const reader = storedRoles(store);
  const lookup = (plural: string, namespace: string, name: string): ObjectValue | undefined =>
    store.get(plural, namespace === '' ? name : `${namespace}/${name}`)?.object();
  const tokens = new TokenAuthenticator({
    tokens: options.tokens,
    key,
    issuer,
    lookup,
    now: () => options.clock.now(),
  });
  const decide = (user: UserInfo, attributes: Attributes): Decision =>
    options.authorization === 'AlwaysAllow' ? { allowed: true, reason: '' } : authorize(reader, user, attributes);
  const impersonator = new Impersonator(reader);
  return {
    key,
    issuer,
    reader,
    async authenticate(request) {
      const subject = parseCertificateSubject(request.headers[clientCertificateHeaderName]);
      return subject === undefined ? authenticateBearer(tokens, request) : certificateUser(subject);
    },
    async impersonate(user, request, info) {
      const wanted = wantedUser(request.headers);
      return wanted === undefined ? user : impersonator.resolve(user, wanted, attributesOf(info));
    },
    authorize: (user, info) => decide(user, attributesOf(info)),
    virtualResources: reviewHandlers({ codec, reader, tokens, decide }),
    async path({ info }) {
      const document = issuerDocument(info.path, key, issuer);
      return document === undefined ? undefined : jsonAnswer(document.body, 200, document.contentType);
    },
  };
}
