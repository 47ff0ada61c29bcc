import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectCodec } from '../codec/object-codec.ts';
import { loopbackUser } from '../request/user.ts';
import type { WriteContext } from '../strategy.ts';
import type { ObjectValue } from '../value.ts';
import { builtInStrategy } from './built-in-strategy.ts';

const context: WriteContext = {
  operation: 'create',
  subresource: '',
  now: Date.parse('2026-01-01T00:00:00Z'),
  user: loopbackUser,
  dryRun: false,
};

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const kinds = {
  Pod: { group: '', version: 'v1', kind: 'Pod' },
  Service: { group: '', version: 'v1', kind: 'Service' },
  Deployment: { group: 'apps', version: 'v1', kind: 'Deployment' },
  StatefulSet: { group: 'apps', version: 'v1', kind: 'StatefulSet' },
  DaemonSet: { group: 'apps', version: 'v1', kind: 'DaemonSet' },
  Job: { group: 'batch', version: 'v1', kind: 'Job' },
  CronJob: { group: 'batch', version: 'v1', kind: 'CronJob' },
  PersistentVolumeClaim: { group: '', version: 'v1', kind: 'PersistentVolumeClaim' },
  PersistentVolume: { group: '', version: 'v1', kind: 'PersistentVolume' },
  Ingress: { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress' },
  NetworkPolicy: { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy' },
  EndpointSlice: { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice' },
  PodDisruptionBudget: { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' },
  PriorityClass: { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' },
  StorageClass: { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass' },
  HorizontalPodAutoscaler: { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler' },
  Lease: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' },
  RuntimeClass: { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClass' },
} satisfies Record<string, Kind>;

/** An object as a request's decoding and defaults make it. */
function decoded(kind: Kind, object: ObjectValue): ObjectValue {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const typed = { apiVersion, kind: kind.kind, metadata: { name: 'x', namespace: 'n' }, ...object };
  const made = objectCodec.normalise(typed, { expected: kind, custom: false, fieldValidation: 'Ignore' }).object;
  builtInStrategy(kind).applyDefaults(made);
  return made;
}

const containers = [{ name: 'c', image: 'i' }];
const selector = { matchLabels: { a: 'b' } };
const template = { metadata: { labels: { a: 'b' } }, spec: { containers } };

interface DefaultsCase {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly spec: ObjectValue;
  readonly expected: ObjectValue;
}

const defaults: readonly DefaultsCase[] = [
  {
    name: 'a pod restarts always, with what its containers leave out',
    kind: 'Pod',
    spec: { containers: [{ name: 'c', image: 'i:1', livenessProbe: { httpGet: { port: 80 } } }] },
    expected: {
      containers: [
        {
          name: 'c',
          image: 'i:1',
          imagePullPolicy: 'IfNotPresent',
          livenessProbe: {
            failureThreshold: 3,
            httpGet: { path: '/', port: 80, scheme: 'HTTP' },
            periodSeconds: 10,
            successThreshold: 1,
            timeoutSeconds: 1,
          },
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    },
  },
  {
    name: 'a claim is for a file system',
    kind: 'PersistentVolumeClaim',
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    expected: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      volumeMode: 'Filesystem',
    },
  },
  {
    name: 'a network policy with rules for leaving is for both directions',
    kind: 'NetworkPolicy',
    spec: { podSelector: {}, egress: [{ ports: [{ port: 80 }] }] },
    expected: {
      podSelector: {},
      egress: [{ ports: [{ port: 80, protocol: 'TCP' }] }],
      policyTypes: ['Ingress', 'Egress'],
    },
  },
];

for (const { name, kind, spec, expected } of defaults) {
  test(name, () => assert.deepEqual(decoded(kinds[kind], { spec })['spec'], expected));
}

interface ErrorCase {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly object: ObjectValue;
  /** `field type` of each error, in order. */
  readonly errors: readonly string[];
}

const invalid: readonly ErrorCase[] = [
  { name: 'a pod needs containers', kind: 'Pod', object: {}, errors: ['spec.containers Required'] },
  {
    name: 'containers have names of their own and an image',
    kind: 'Pod',
    object: { spec: { containers: [{ name: 'c', image: 'i' }, { name: 'c' }] } },
    errors: ['spec.containers[1].image Required', 'spec.containers[1].name Duplicate'],
  },
  {
    name: 'mounts are of volumes that are there',
    kind: 'Pod',
    object: { spec: { containers: [{ ...containers[0], volumeMounts: [{ name: 'v', mountPath: '/v' }] }] } },
    errors: ['spec.containers[0].volumeMounts[0].name NotFound'],
  },
  {
    name: 'requests are not above limits',
    kind: 'Pod',
    object: {
      spec: { containers: [{ ...containers[0], resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
    },
    errors: ['spec.containers[0].resources.requests Invalid'],
  },
  {
    name: 'a selector finds the pods of its template',
    kind: 'Deployment',
    object: { spec: { selector: { matchLabels: { a: 'z' } }, template } },
    errors: ['spec.template.metadata.labels Invalid'],
  },
  {
    name: 'no selector finds no pods',
    kind: 'StatefulSet',
    object: { spec: { template } },
    errors: ['spec.selector Required', 'spec.template.metadata.labels Invalid'],
  },
  {
    name: 'a daemon set surges or takes away, one of the two',
    kind: 'DaemonSet',
    object: {
      spec: {
        selector,
        template,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
      },
    },
    errors: ['spec.updateStrategy.rollingUpdate.maxSurge Invalid'],
  },
  {
    name: 'a cron job has a schedule, and its jobs end',
    kind: 'CronJob',
    object: { spec: { schedule: 'nope', jobTemplate: { spec: { template: { spec: { containers } } } } } },
    errors: ['spec.schedule Invalid', 'spec.jobTemplate.spec.template.spec.restartPolicy Required'],
  },
  {
    name: 'ports of a Service have names when there are several',
    kind: 'Service',
    object: { spec: { ports: [{ port: 80 }, { name: 'b', port: 0 }] } },
    errors: ['spec.ports[0].name Required', 'spec.ports[1].port Invalid', 'spec.ports[1].targetPort Invalid'],
  },
  {
    name: 'an ingress leads somewhere',
    kind: 'Ingress',
    object: {
      spec: { rules: [{ host: '1.2.3.4', http: { paths: [{ path: 'x', pathType: 'Exact', backend: {} }] } }] },
    },
    errors: [
      'spec.rules[0].host Invalid',
      'spec.rules[0].http.paths[0].path Invalid',
      'spec.rules[0].http.paths[0].backend Invalid',
    ],
  },
  {
    name: 'an exception lies inside its block',
    kind: 'NetworkPolicy',
    object: {
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }] },
    },
    errors: ['spec.ingress[0].from[0].ipBlock.except[0] Invalid'],
  },
  {
    name: 'addresses of a slice are of its family and written one way',
    kind: 'EndpointSlice',
    object: { addressType: 'IPv4', endpoints: [{ addresses: ['010.0.0.1', 'fd00::1', '127.0.0.1'] }] },
    errors: [
      'endpoints[0].addresses[0] Invalid',
      'endpoints[0].addresses Invalid',
      'endpoints[0].addresses[2] Invalid',
    ],
  },
  {
    name: 'a volume is of one type, and local ones are on a node',
    kind: 'PersistentVolume',
    object: { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1' }, local: { path: '/a' } } },
    errors: ['spec.nodeAffinity Required'],
  },
  {
    name: 'a budget is at least or at most',
    kind: 'PodDisruptionBudget',
    object: { spec: { minAvailable: 1, maxUnavailable: '101%' } },
    errors: ['spec Invalid', 'spec.maxUnavailable Invalid'],
  },
  {
    name: 'names of the system are its own',
    kind: 'PriorityClass',
    object: { metadata: { name: 'system-mine' }, value: 5 },
    errors: ['metadata.name Forbidden'],
  },
  {
    name: 'a storage class has a provisioner and policies that exist',
    kind: 'StorageClass',
    object: { reclaimPolicy: 'Recycle' },
    errors: ['provisioner Required', 'reclaimPolicy NotSupported'],
  },
  {
    name: 'an autoscaler has a maximum not below its minimum, and a target',
    kind: 'HorizontalPodAutoscaler',
    object: { spec: { minReplicas: 5, maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'd' } } },
    errors: ['spec.maxReplicas Invalid', 'spec.scaleTargetRef.apiVersion Invalid'],
  },
  {
    name: 'a lease lasts',
    kind: 'Lease',
    object: { spec: { leaseDurationSeconds: 0 } },
    errors: ['spec.leaseDurationSeconds Invalid'],
  },
  { name: 'a runtime class has a handler', kind: 'RuntimeClass', object: {}, errors: ['handler Required'] },
];

for (const { name, kind, object, errors } of invalid) {
  test(name, () => {
    const strategy = builtInStrategy(kinds[kind]);
    const made = decoded(kinds[kind], object);
    strategy.prepareForCreate(made, context);
    const found = strategy
      .validate(made, context)
      .map(({ field, type }) => `${field} ${type.replace('FieldValue', '')}`);
    assert.deepEqual(found, errors);
  });
}

test('a new generation is counted when the spec changes, not when metadata or status do', () => {
  const strategy = builtInStrategy(kinds.Deployment);
  const old = decoded(kinds.Deployment, { spec: { selector, template } });
  strategy.prepareForCreate(old, context);
  const generation = (change: (object: ObjectValue) => void): unknown => {
    const object = structuredClone(old);
    change(object);
    strategy.prepareForUpdate(object, old, { ...context, operation: 'update' });
    return (object['metadata'] as ObjectValue)['generation'];
  };
  assert.equal(
    generation((object) => Object.assign(object['metadata'] as ObjectValue, { labels: { a: 'b' } })),
    1,
  );
  assert.equal(
    generation((object) => Object.assign(object, { status: { replicas: 3 } })),
    1,
  );
  assert.equal(
    generation((object) => Object.assign(object['spec'] as ObjectValue, { replicas: 3 })),
    2,
  );
});
