import { Secret, ServiceAccount } from '@reeve/api/core/v1';
import { isNotFound } from '@reeve/kube';
import type { Client, Stored } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller } from '@reeve/operator';

const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT_NAME = 'kubernetes.io/service-account.name';
const ACCOUNT_UID = 'kubernetes.io/service-account.uid';
/** Such tokens do not expire by themselves: they end with their secret. */
const LIFETIME_SECONDS = 10 * 365 * 24 * 3600;

/** Fills secrets that ask for a long-lived token of a service account, and deletes those whose account is gone. */
export function tokenSecretController({ ca }: { readonly ca: string }): Controller {
  return controller(Secret, {
    name: 'token-secret',
    cache: { fieldSelector: `type=${TYPE}` },
    concurrency: 2,
    watches: [
      watch(ServiceAccount, {
        map: ({ metadata }, { read }) =>
          read
            .list(Secret, { namespace: metadata.namespace ?? '' })
            .filter((secret) => accountOf(secret) === metadata.name)
            .map(keyOf),
        when: ({ type }) => type !== 'updated',
      }),
    ],
    permissions: [
      { apiGroups: [''], resources: ['secrets'], verbs: ['patch', 'delete'] },
      { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get'] },
      { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
    ],
    async reconcile({ obj, client }) {
      if (obj.type !== TYPE || obj.metadata.deletionTimestamp !== undefined) return;
      const { namespace = '', name, uid, resourceVersion } = obj.metadata;
      const secrets = client.of(Secret).in(namespace);
      const account = await client.of(ServiceAccount).in(namespace).find(accountOf(obj));
      const wantedUid = obj.metadata.annotations?.[ACCOUNT_UID] ?? account?.metadata.uid;
      if (!account || account.metadata.uid !== wantedUid) {
        await secrets.delete(name, { preconditions: { uid, resourceVersion } }).catch(ignoreGone);
        return;
      }
      const missing = await missingData(client, obj, ca);
      const isKnown = obj.metadata.annotations?.[ACCOUNT_UID] !== undefined;
      if (isKnown && Object.keys(missing).length === 0) return;
      const metadata = { uid, resourceVersion, annotations: { [ACCOUNT_UID]: account.metadata.uid } };
      await secrets.patch(name, { merge: { metadata, data: missing } }).catch(ignoreGone);
    },
  });
}

function accountOf({ metadata }: Stored<Secret>): string {
  return metadata.annotations?.[ACCOUNT_NAME] ?? '';
}

async function missingData(client: Client, secret: Stored<Secret>, ca: string): Promise<Record<string, string>> {
  const { data = {}, metadata } = secret;
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  return {
    ...(data['ca.crt'] === encoded(ca) ? {} : { 'ca.crt': encoded(ca) }),
    ...(data['namespace'] ? {} : { namespace: encoded(metadata.namespace ?? '') }),
    ...(data['token'] ? {} : { token: encoded(await requestToken(client, secret)) }),
  };
}

/** A token that the server accepts only while the secret exists. */
async function requestToken(client: Client, { metadata, ...secret }: Stored<Secret>): Promise<string> {
  const { namespace = '', name, uid } = metadata;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${accountOf({ metadata, ...secret })}/token`;
  const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name, uid };
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [], expirationSeconds: LIFETIME_SECONDS, boundObjectRef },
  };
  const answer = await client.raw('POST', path, { body });
  const text = Buffer.concat(await Array.fromAsync(answer.body)).toString();
  return (JSON.parse(text) as { readonly status: { readonly token: string } }).status.token;
}

function ignoreGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
