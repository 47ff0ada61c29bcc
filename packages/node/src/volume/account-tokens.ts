import { resourcePath } from '@reeve/api';
import type { Pod } from '@reeve/api/core/v1';
import { ServiceAccount } from '@reeve/api/core/v1';
import type { TokenRequest } from '@reeve/api/authentication/v1';
import type { Client } from '@reeve/kube';

import { NodeError } from '../node-error.ts';

const defaultSeconds = 3600;

/** A pod's token and when it must be replaced (milliseconds since the epoch). */
export interface AccountToken {
  readonly token: string;
  readonly renewAt: number;
}

/** Asks for tokens of pods' service accounts, bound to the pod, and keeps each until 80 % of its life is over. */
export class AccountTokens {
  readonly #client: Client;
  readonly #kept = new Map<string, AccountToken>();

  constructor(client: Client) {
    this.#client = client;
  }

  async tokenFor(
    pod: Pod,
    audience: string | undefined,
    expirationSeconds: number = defaultSeconds,
  ): Promise<AccountToken> {
    const { namespace = '', name = '', uid = '' } = pod.metadata ?? {};
    const account = pod.spec?.serviceAccountName ?? 'default';
    const key = `${uid}/${account}/${audience ?? ''}/${expirationSeconds}`;
    const kept = this.#kept.get(key);
    const now = this.#client.clock.now();
    if (kept !== undefined && kept.renewAt > now) return kept;
    const path = resourcePath(ServiceAccount, { namespace, name: account, subresource: 'token' });
    const body: TokenRequest = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: audience === undefined ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    };
    const answer = await this.#client.raw('POST', path, { body });
    const { status } = JSON.parse(await readText(answer.body)) as TokenRequest;
    if (status?.token === undefined || status.expirationTimestamp === undefined) {
      throw new NodeError('InvalidPod', `the API server gave no token for ${namespace}/${account}`);
    }
    const life = Date.parse(status.expirationTimestamp) - now;
    const fresh = { token: status.token, renewAt: now + life * 0.8 };
    this.#kept.set(key, fresh);
    return fresh;
  }

  forget(uid: string): void {
    for (const key of this.#kept.keys()) if (key.startsWith(`${uid}/`)) this.#kept.delete(key);
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
