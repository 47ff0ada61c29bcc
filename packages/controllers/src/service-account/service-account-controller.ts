import { ConfigMap, Namespace, ServiceAccount } from '@reeve/api/core/v1';
import { isAlreadyExists, isNotFound } from '@reeve/kube';
import { controller, watch } from '@reeve/operator';
import type { Controller, ObjectKey } from '@reeve/operator';

const ROOT_CA = 'kube-root-ca.crt';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

const namespaceOf = ({ metadata }: { readonly metadata: { readonly namespace?: string } }): readonly ObjectKey[] => [
  { namespace: '', name: metadata.namespace ?? '' },
];

/** Gives each living namespace its default account and the map with the API server's CA. */
export function serviceAccountController({ ca }: { readonly ca: string }): Controller {
  return controller(Namespace, {
    name: 'serviceaccount',
    concurrency: 5,
    watches: [
      watch(ServiceAccount, {
        map: namespaceOf,
        when: ({ type, object }) => type === 'deleted' && object.metadata.name === 'default',
      }),
      watch(ConfigMap, { map: namespaceOf, fieldSelector: `metadata.name=${ROOT_CA}` }),
    ],
    permissions: [{ apiGroups: [''], resources: ['serviceaccounts', 'configmaps'], verbs: ['create', 'update'] }],
    async reconcile({ obj, read, client }) {
      if (obj.metadata.deletionTimestamp !== undefined) return;
      const namespace = obj.metadata.name;
      const map: ConfigMap = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: ROOT_CA, namespace, annotations: { 'kubernetes.io/description': DESCRIPTION } },
        data: { 'ca.crt': ca },
      };
      const account: ServiceAccount = {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace },
      };
      const current = read.get(ConfigMap, { namespace, name: ROOT_CA });
      const isKnown = read.get(ServiceAccount, { namespace, name: 'default' }) !== undefined;
      if (!isKnown) await unlessThere(client.of(ServiceAccount).in(namespace).create(account));
      if (!current) await unlessThere(client.of(ConfigMap).in(namespace).create(map));
      else if (current.data?.['ca.crt'] !== ca) await client.of(ConfigMap).in(namespace).update(map);
    },
  });
}

/** Another writer may have been faster, or the namespace may have gone. */
async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
  });
}
