import { collectionOf } from '../operations/storage-form.ts';
import type { WriteRequest } from '../operations/operations.ts';
import { timestamp } from '../operations/times.ts';
import type { Core } from '../parts.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { loopbackUser } from '../request/user.ts';
import type { ObjectValue } from '../value.ts';

/** Priorities of Kubernetes' own groups: of the group, and of its versions where that is not 15. */
const groupPriorities: Readonly<Record<string, number>> = {
  '': 18000,
  apps: 17800,
  'events.k8s.io': 17750,
  'authentication.k8s.io': 17700,
  'authorization.k8s.io': 17600,
  autoscaling: 17500,
  batch: 17400,
  'certificates.k8s.io': 17300,
  'networking.k8s.io': 17200,
  policy: 17100,
  'rbac.authorization.k8s.io': 17000,
  'storage.k8s.io': 16800,
  'apiextensions.k8s.io': 16700,
  'admissionregistration.k8s.io': 16700,
  'scheduling.k8s.io': 16600,
  'coordination.k8s.io': 16500,
  'node.k8s.io': 16300,
  'discovery.k8s.io': 16200,
  'resource.k8s.io': 16200,
  'flowcontrol.apiserver.k8s.io': 16100,
};
const versionPriorities: Readonly<Record<string, number>> = {
  'v1.': 1,
  'v2.autoscaling': 30,
  'v1.flowcontrol.apiserver.k8s.io': 21,
  'v1.resource.k8s.io': 21,
};
const builtinVersionPriority = 15;
const customPriorities = { groupPriorityMinimum: 1000, versionPriority: 100 };
/** The server's own registration comes from elsewhere on the real one, and has no object. */
const unregistered = 'apiregistration.k8s.io';
const managedLabel = 'kube-aggregator.kubernetes.io/automanaged';

const serverRequest = (core: Core, subresource = ''): WriteRequest => ({
  user: loopbackUser,
  now: core.options.clock.now(),
  dryRun: false,
  fieldManager: 'kube-apiserver',
  subresource,
  warn: () => {},
});

/** Keeps one APIService for each group version that is served, as kube-apiserver does for its own. */
export async function followGroupVersions(core: Core): Promise<() => void> {
  let work: Promise<void> = Promise.resolve();
  let stopped = false;
  const sync = async (): Promise<void> => {
    if (!stopped) await reconcile(core);
  };
  const enqueue = (): void => {
    work = work.then(sync).catch((error: unknown) => core.options.log?.(`APIServices are behind: ${String(error)}`));
  };
  const unsubscribe = core.registry.onChange(enqueue);
  await reconcile(core);
  return () => {
    stopped = true;
    unsubscribe();
  };
}

async function reconcile(core: Core): Promise<void> {
  const { registry, operations, store } = core;
  const resource = registry.find('apiregistration.k8s.io', 'v1', 'apiservices');
  if (resource === undefined) return;
  const wanted = wantedServices(registry.all());
  for (const stored of store.scan(collectionOf(resource))) {
    const isOwn = managedLabel in stored.labels;
    if (isOwn && !wanted.has(stored.name)) await operations.remove(resource, '', stored.name, {}, serverRequest(core));
  }
  for (const [name, service] of wanted) {
    if (operations.find(resource, '', name) === undefined) await makeService(core, resource, name, service);
  }
}

function wantedServices(resources: Iterable<ResourceInfo>): ReadonlyMap<string, ObjectValue> {
  const services = new Map<string, ObjectValue>();
  for (const { group, version, custom } of resources) {
    const name = `${version}.${group}`;
    if (group === unregistered || services.has(name)) continue;
    const priorities = custom
      ? customPriorities
      : {
          groupPriorityMinimum: groupPriorities[group] ?? 1000,
          versionPriority: versionPriorities[name] ?? builtinVersionPriority,
        };
    services.set(name, {
      kind: 'APIService',
      apiVersion: 'apiregistration.k8s.io/v1',
      metadata: { name, labels: { [managedLabel]: custom ? 'true' : 'onstart' } },
      spec: { ...(group === '' ? {} : { group }), version, ...priorities },
    });
  }
  return services;
}

async function makeService(core: Core, resource: ResourceInfo, name: string, service: ObjectValue): Promise<void> {
  await core.operations.create(resource, '', service, serverRequest(core));
  const available = {
    type: 'Available',
    status: 'True',
    lastTransitionTime: timestamp(core.options.clock.now()),
    reason: 'Local',
    message: 'Local APIServices are always available',
  };
  const change = (current: ObjectValue | undefined): ObjectValue => ({
    ...(current ?? service),
    status: { conditions: [available] },
  });
  await core.operations.update(resource, '', name, change, serverRequest(core, 'status'));
}
