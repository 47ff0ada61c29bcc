import { itemsOf } from '../object-path.ts';
import { imageTag } from '../image-name.ts';
import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { defaultPodResources } from './pod-resource-defaults.ts';
import type { DefaultsTable } from './type-defaults.ts';

/** Pods, their templates and what is in them. */
export const podDefaults: DefaultsTable = {
  'core/v1.Pod': { adjust: defaultPod },
  'core/v1.PodSpec': {
    set: {
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
    },
  },
  'core/v1.Container': {
    set: { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
    adjust: defaultPullPolicy('image', 'imagePullPolicy'),
  },
  'core/v1.EphemeralContainerCommon': {
    set: { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
    adjust: defaultPullPolicy('image', 'imagePullPolicy'),
  },
  'core/v1.ContainerPort': { set: { protocol: 'TCP' } },
  'core/v1.Probe': { set: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 } },
  'core/v1.HTTPGetAction': { set: { path: '/', scheme: 'HTTP' } },
  'core/v1.GRPCAction': { set: { service: '' } },
  'core/v1.ObjectFieldSelector': { set: { apiVersion: 'v1' } },
  'core/v1.FileKeySelector': { set: { optional: false } },
};

/** `Always` for the tag latest, which a reference without tag and digest has. */
export function defaultPullPolicy(imageKey: string, policyKey: string): (value: ObjectValue) => void {
  return (value) => {
    const policy = value[policyKey];
    if (policy !== undefined && policy !== '') return;
    const image = value[imageKey];
    value[policyKey] = imageTag(typeof image === 'string' ? image : '') === 'latest' ? 'Always' : 'IfNotPresent';
  };
}

function defaultPod(pod: ObjectValue): void {
  const spec = pod['spec'];
  if (!isObject(spec)) return;
  const containers = [...itemsOf(spec, 'containers'), ...itemsOf(spec, 'initContainers')];
  for (const container of containers) defaultRequests(container);
  defaultPodResources(spec);
  spec['enableServiceLinks'] ??= true;
  if (spec['hostNetwork'] !== true) return;
  for (const port of containers.flatMap((container) => itemsOf(container, 'ports'))) {
    if (!port['hostPort'] && port['containerPort'] !== undefined) port['hostPort'] = port['containerPort'];
  }
}

/** Of a Pod only, not of a template: a limit without a request asks for as much. */
function defaultRequests(container: ObjectValue): void {
  const resources = container['resources'];
  if (!isObject(resources) || !isObject(resources['limits'])) return;
  resources['requests'] = { ...resources['limits'], ...(isObject(resources['requests']) ? resources['requests'] : {}) };
}
