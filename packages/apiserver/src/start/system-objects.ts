import type { Core } from '../parts.ts';
import type { WriteRequest } from '../operations/operations.ts';
import { collectionOf, keyOf } from '../operations/storage-form.ts';
import { loopbackUser } from '../request/user.ts';
import { StatusError } from '../status-error.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';

/** An object that the server itself makes when it is missing. */
interface SystemObject {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly object: ObjectValue;
}

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

const priorityClasses = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
];

const defaultCIDR = '10.96.0.0/16';
const securePort = 6443;

/** The first address of a range, which is the API server's own: 10.96.0.0/16 → 10.96.0.1. */
function firstAddress(cidr: string): string {
  const [address = ''] = cidr.split('/');
  const numbers = address.split('.').map(Number);
  const value = numbers.reduce((sum, number) => sum * 256 + number, 0) + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Makes the namespaces, priority classes and the Service `kubernetes` that every cluster has, where they are missing. */
export async function createSystemObjects(core: Core): Promise<() => void> {
  const { serviceCIDR = defaultCIDR, advertiseAddress } = core.options;
  const objects = [...namespaceObjects(), ...priorityObjects(), ...serviceObjects(serviceCIDR, advertiseAddress)];
  for (const object of objects) await ensure(core, object);
  return () => {};
}

function namespaceObjects(): SystemObject[] {
  return namespaces.map((name) => ({
    group: '',
    version: 'v1',
    plural: 'namespaces',
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  }));
}

function priorityObjects(): SystemObject[] {
  return priorityClasses.map(({ name, ...rest }) => ({
    group: 'scheduling.k8s.io',
    version: 'v1',
    plural: 'priorityclasses',
    object: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, ...rest },
  }));
}

function serviceObjects(serviceCIDR: string, address: string | undefined): SystemObject[] {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const port = { name: 'https', port: 443, protocol: 'TCP', targetPort: securePort };
  return [
    {
      group: 'networking.k8s.io',
      version: 'v1',
      plural: 'servicecidrs',
      object: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'ServiceCIDR',
        metadata: { name: 'kubernetes' },
        spec: { cidrs: [serviceCIDR] },
      },
    },
    {
      group: '',
      version: 'v1',
      plural: 'services',
      object: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'kubernetes', namespace: 'default', labels },
        spec: { clusterIP: firstAddress(serviceCIDR), ports: [port], type: 'ClusterIP' },
      },
    },
    ...(address === undefined ? [] : endpointObjects(address)),
  ];
}

/** Where the Service leads. Loopback addresses cannot stand there: without an address of its own there is none. */
function endpointObjects(address: string): SystemObject[] {
  const metadata = { name: 'kubernetes', namespace: 'default' };
  const port = { name: 'https', port: securePort, protocol: 'TCP' };
  const mirrored = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  const sliceLabels = { 'kubernetes.io/service-name': 'kubernetes' };
  return [
    {
      group: '',
      version: 'v1',
      plural: 'endpoints',
      object: {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { ...metadata, labels: mirrored },
        subsets: [{ addresses: [{ ip: address }], ports: [port] }],
      },
    },
    {
      group: 'discovery.k8s.io',
      version: 'v1',
      plural: 'endpointslices',
      object: {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: sliceLabels },
        addressType: 'IPv4',
        endpoints: [{ addresses: [address], conditions: { ready: true } }],
        ports: [port],
      },
    },
  ];
}

async function ensure({ registry, operations, store, options }: Core, wanted: SystemObject): Promise<void> {
  const resource = registry.find(wanted.group, wanted.version, wanted.plural);
  if (resource === undefined) return;
  const { name, namespace } = metadataOf(wanted.object);
  const place = String(namespace ?? '');
  if (store.get(collectionOf(resource), keyOf(resource, place, String(name))) !== undefined) return;
  const request: WriteRequest = {
    user: loopbackUser,
    now: options.clock.now(),
    dryRun: false,
    fieldManager: 'kube-apiserver',
    subresource: '',
    warn() {},
  };
  resource.strategy.applyDefaults(wanted.object);
  try {
    await operations.create(resource, place, wanted.object, request);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    options.log?.(`cannot make ${resource.plural} ${String(name)}: ${error.message}`);
  }
}
