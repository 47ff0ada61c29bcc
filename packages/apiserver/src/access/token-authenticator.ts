import { timingSafeEqual, createHash } from 'node:crypto';
import type { StaticToken } from '../options.ts';
import type { UserInfo } from '../request/user.ts';
import { isObject, type ObjectValue } from '../value.ts';
import { parseToken, type AccountClaims, type Bound } from './account-token.ts';
import type { SigningKey } from './signing-key.ts';
import { accountGroups, accountUserName, authenticated } from './user.ts';

/** How tokens see the stored objects that they are bound to. */
export type ObjectLookup = (plural: string, namespace: string, name: string) => ObjectValue | undefined;

export type TokenOutcome =
  | { readonly type: 'user'; readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly type: 'refused'; readonly problem: string };

export interface TokenAuthenticatorOptions {
  readonly tokens: readonly StaticToken[];
  readonly key: SigningKey;
  readonly issuer: string;
  readonly lookup: ObjectLookup;
  readonly now: () => number;
}

const invalidToken = 'invalid bearer token';
const extraPrefix = 'authentication.kubernetes.io';

/** Knows the bearer tokens of the token file and those of service accounts. */
export class TokenAuthenticator {
  readonly #options: TokenAuthenticatorOptions;
  /** By hash, so that comparing takes the same time for every token. */
  readonly #static = new Map<string, StaticToken>();

  constructor(options: TokenAuthenticatorOptions) {
    this.#options = options;
    for (const entry of options.tokens) this.#static.set(digest(entry.token).toString('hex'), entry);
  }

  /** Audiences that this server itself is. */
  get audiences(): readonly string[] {
    return [this.#options.issuer];
  }

  /** Who bears the token, if it is meant for one of the audiences. */
  authenticate(token: string, wanted: readonly string[] = this.audiences): TokenOutcome {
    const entry = this.#findStatic(token);
    // A token of the file has no audiences of its own: it is for this server.
    const own = this.audiences.filter((audience) => wanted.includes(audience));
    if (entry !== undefined && own.length > 0) return { type: 'user', user: staticUser(entry), audiences: own };
    const { key, issuer, now } = this.#options;
    const parsed = parseToken(key, issuer, token, now());
    if (parsed.type === 'foreign') return { type: 'refused', problem: invalidToken };
    if (parsed.type === 'invalid') return refused(parsed.problem);
    const { claims } = parsed;
    const audiences = claims.audiences.filter((audience) => wanted.includes(audience));
    if (audiences.length === 0) return refused(wrongAudience(claims.audiences, wanted));
    const problem = this.#problemOf(claims);
    if (problem !== undefined) return refused(problem);
    return { type: 'user', user: accountUser(claims), audiences };
  }

  #findStatic(token: string): StaticToken | undefined {
    const hash = digest(token);
    const entry = this.#static.get(hash.toString('hex'));
    return entry !== undefined && timingSafeEqual(hash, digest(entry.token)) ? entry : undefined;
  }

  /** A token lives as long as its account and what it is bound to. */
  #problemOf(claims: AccountClaims): string | undefined {
    const { namespace, account, pod, secret, node } = claims;
    return (
      this.#gone('serviceaccounts', namespace, account) ??
      (pod && this.#gone('pods', namespace, pod)) ??
      (secret && this.#gone('secrets', namespace, secret)) ??
      (node && pod === undefined ? this.#gone('nodes', '', node) : undefined)
    );
  }

  #gone(plural: string, namespace: string, { name, uid }: Bound): string | undefined {
    const metadata = this.#options.lookup(plural, namespace, name)?.['metadata'];
    if (!isObject(metadata)) return 'service account token has been invalidated';
    if (metadata['uid'] !== uid) return 'service account token has been invalidated';
    const deleted = metadata['deletionTimestamp'];
    // An object under deletion still works for a minute, so that its pod can shut down in order.
    if (typeof deleted === 'string' && Date.parse(deleted) + 60_000 < this.#options.now()) {
      return 'service account token has been invalidated';
    }
    return undefined;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function refused(problem: string): TokenOutcome {
  return { type: 'refused', problem: `[${invalidToken}, ${problem}]` };
}

function wrongAudience(own: readonly string[], wanted: readonly string[]): string {
  const list = (items: readonly string[]): string => `[${items.map((item) => JSON.stringify(item)).join(' ')}]`;
  return `token audiences ${list(own)} is invalid for the target audiences ${list(wanted)}`;
}

function staticUser({ user, uid, groups }: StaticToken): UserInfo {
  return authenticated({ name: user, groups, ...(uid === '' ? {} : { uid }) });
}

function accountUser({ namespace, account, pod, node, id }: AccountClaims): UserInfo {
  return authenticated({
    name: accountUserName({ namespace, name: account.name }),
    uid: account.uid,
    groups: accountGroups(namespace),
    extra: {
      [`${extraPrefix}/credential-id`]: [`JTI=${id}`],
      ...(node ? { [`${extraPrefix}/node-name`]: [node.name], [`${extraPrefix}/node-uid`]: [node.uid] } : {}),
      ...(pod ? { [`${extraPrefix}/pod-name`]: [pod.name], [`${extraPrefix}/pod-uid`]: [pod.uid] } : {}),
    },
  });
}
