import { stringify } from 'yaml';

/** A kubeconfig for one user with a token. */
export function kubeConfigOf(cluster: {
  readonly name: string;
  readonly server: string;
  readonly ca: string;
  readonly token: string;
}): string {
  const name = `reeve-${cluster.name}`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: { server: cluster.server, 'certificate-authority-data': Buffer.from(cluster.ca).toString('base64') },
      },
    ],
    users: [{ name, user: { token: cluster.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
