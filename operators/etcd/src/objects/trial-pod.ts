import type { Pod } from '@reeve/api/core/v1';
import type { Blueprint } from '../api/spec.ts';
import { containerName, labelKeys, managedBy, namesOf, type ClusterIdentity } from '../names.ts';
import { moreThan } from './extra-resources.ts';
import { imageOf, placement } from './pod.ts';

/**
 * A pod that shows whether a changed blueprint can run: whether its image is there and starts, and whether a node takes
 * it. It asks for no more than what the change adds, as the members that it stands for give the rest back.
 */
export function trialPod(
  identity: ClusterIdentity,
  blueprint: Blueprint,
  current: Blueprint | undefined,
  mark: string,
): Pod {
  const { labels, annotations } = blueprint.podTemplate ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: namesOf(identity.name).trialPod,
      namespace: identity.namespace,
      labels: { ...labels, [labelKeys.managedBy]: managedBy, [labelKeys.trial]: identity.name },
      annotations: { ...annotations, [labelKeys.fingerprint]: mark },
    },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...placement(identity, blueprint),
      containers: [
        {
          name: containerName,
          image: imageOf(blueprint.version),
          command: ['etcd', '--version'],
          resources: { requests: moreThan(blueprint.resources?.requests ?? {}, current?.resources?.requests ?? {}) },
          terminationMessagePolicy: 'FallbackToLogsOnError',
        },
      ],
    },
  };
}
