/**
 * Writes deploy/etcd-operator.yaml: all that a cluster needs to run the etcd operator. The CRD comes from the resource
 * definition, the permissions from what the controller declares.
 */
import { writeFileSync } from 'node:fs';
import { createClient } from '@reeve/kube';
import { EtcdCluster, etcdManager } from '@reeve/etcd-operator';
import { stringify } from 'yaml';

const namespace = 'reeve-system';
const name = 'reeve-etcd-operator';
const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'reeve' };
const ports = { metrics: 8080, health: 8081 };

const client = createClient({
  request: () => Promise.reject(new TypeError('the generator makes no requests')),
  close: () => Promise.resolve(),
});
const manager = etcdManager(client, {
  policy: { replaceAfterMs: 0, quorumGraceMs: 0, problemGraceMs: 0, learnerTimeoutMs: 0, maxReplacements: 0 },
  clusterDomain: '',
  namespace,
  leaderElection: true,
  identity: undefined,
  metricsPort: ports.metrics,
  healthPort: ports.health,
});
const permissions = manager.permissions();
// Leases are the operator's own affair: only in its own namespace.
const isLease = ({ apiGroups }: { readonly apiGroups?: readonly string[] }): boolean =>
  apiGroups?.includes('coordination.k8s.io') === true;

const metadata = { name, labels };
const inNamespace = { ...metadata, namespace };
const subjects = [{ kind: 'ServiceAccount', name, namespace }];
const roleRef = (kind: string): object => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const probe = (path: string): object => ({ httpGet: { path, port: 'health' }, periodSeconds: 5 });

const documents: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
  EtcdCluster.crd(),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inNamespace },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata,
    rules: permissions.filter((rule) => !isLease(rule)),
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: roleRef('ClusterRole'),
    subjects,
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: inNamespace,
    rules: permissions.filter(isLease),
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: inNamespace,
    roleRef: roleRef('Role'),
    subjects,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: inNamespace,
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: 30,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          // Who heals must not wait the usual five minutes on a node that is gone.
          tolerations: ['not-ready', 'unreachable'].map((taint) => ({
            key: `node.kubernetes.io/${taint}`,
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: 10,
          })),
          containers: [
            {
              name: 'operator',
              image: 'reeve/etcd-operator:0.1.0',
              env: [{ name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }],
              ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
              livenessProbe: probe('/healthz'),
              readinessProbe: { ...probe('/readyz'), periodSeconds: 1 },
              resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '512Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  },
];

const header =
  '# Written by `npm run generate`: the etcd operator, in one file. kubectl apply -f deploy/etcd-operator.yaml\n';
const text = documents
  .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
  .join('---\n');
writeFileSync(new URL('../../deploy/etcd-operator.yaml', import.meta.url), header + text);
