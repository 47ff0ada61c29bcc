import { badRequest, type StatusError } from '../status-error.ts';
import type { Attributes } from './attributes.ts';
import { impersonate, modes, type ModeName } from './impersonation-mode.ts';
import type { RoleReader } from './rule-resolver.ts';
import type { UserInfo } from '../request/user.ts';

/** Headers as a front hands them over: several values of one name joined with `, `. */
type Headers = Readonly<Record<string, string>>;

const extraPrefix = 'impersonate-extra-';

function values(header: string | undefined): readonly string[] {
  return header === undefined ? [] : header.split(',').map((value) => value.trim());
}

function extraKey(header: string): string {
  const encoded = header.slice(extraPrefix.length).toLowerCase();
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** The user that the `Impersonate-*` headers ask for; undefined when there are none. */
export function wantedUser(headers: Headers): UserInfo | undefined {
  const name = headers['impersonate-user'] ?? '';
  const uid = headers['impersonate-uid'] ?? '';
  const groups = values(headers['impersonate-group']);
  const extra: Record<string, readonly string[]> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith(extraPrefix)) extra[extraKey(header)] = values(value);
  }
  const hasExtra = Object.keys(extra).length > 0;
  if (name !== '') return { name, groups, ...(uid === '' ? {} : { uid }), ...(hasExtra ? { extra } : {}) };
  if (uid === '' && groups.length === 0 && !hasExtra) return undefined;
  throw badRequest('requested impersonation of groups, a uid or extra without impersonating a user name');
}

/**
 * Decides who may act as whom, the constrained way first (KEP-5284): the right to be that user and the right to do
 * this very thing as him; then the old way, one verb for everything. Remembers per requester what worked last: its
 * refusal is the one that is told.
 */
export class Impersonator {
  readonly #reader: RoleReader;
  readonly #lastMode = new Map<string, ModeName>();

  constructor(reader: RoleReader) {
    this.#reader = reader;
  }

  /** The user that the request runs as, or a 403. */
  resolve(requester: UserInfo, wanted: UserInfo, attributes: Attributes): UserInfo {
    const key = requester.name;
    const last = this.#lastMode.get(key);
    const order = last === undefined ? modes : [last, ...modes.filter((mode) => mode !== last)];
    let refusal: StatusError | undefined;
    for (const mode of order) {
      const outcome = impersonate(this.#reader, mode, { requester, wanted, attributes });
      if (outcome === undefined) continue;
      if ('user' in outcome) {
        this.#remember(key, mode);
        return outcome.user;
      }
      refusal ??= outcome.refusal;
    }
    throw refusal ?? badRequest('no way of impersonation applies to this user');
  }

  /** Bounded, as anybody may send requests. */
  #remember(key: string, mode: ModeName): void {
    if (this.#lastMode.size >= 1024) this.#lastMode.clear();
    this.#lastMode.set(key, mode);
  }
}
