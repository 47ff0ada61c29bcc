import type { Client } from '@reeve/kube';
import type { Controller, Runnable } from '@reeve/operator';
import { deploymentController } from './deployment/deployment-controller.ts';
import { disruptionBudgetController } from './disruption-budget/disruption-budget-controller.ts';
import { endpointSliceController } from './endpoint-slice/endpoint-slice-controller.ts';
import { clusterRoleController } from './cluster-role/cluster-role-controller.ts';
import { endpointsController } from './endpoints/endpoints-controller.ts';
import { mirroringController } from './endpoints/mirroring-controller.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.ts';
import { jobController } from './job/job-controller.ts';
import { orphanedPodController } from './job/orphaned-pod-controller.ts';
import { namespaceController } from './namespace/namespace-controller.ts';
import { nodeLifecycleController } from './node-lifecycle/node-controller.ts';
import { podCollector } from './node-lifecycle/pod-collector.ts';
import { taintEvictionController } from './node-lifecycle/taint-eviction-controller.ts';
import { quotaController } from './quota/quota-controller.ts';
import { replicaSetController } from './replica-set/replica-set-controller.ts';
import { schedulerController } from './scheduler/scheduler.ts';
import { serviceAccountController } from './service-account/service-account-controller.ts';
import { tokenSecretController } from './service-account/token-secret-controller.ts';
import { claimController } from './volume/claim-controller.ts';
import type { VolumeDirectories } from './volume/directory-provisioner.ts';
import { volumeController } from './volume/volume-controller.ts';

export interface BuiltInOptions {
  readonly client: Client;
  /** The API server's CA, PEM, for every namespace's `kube-root-ca.crt`. */
  readonly ca: string;
  readonly directories: VolumeDirectories;
  /** How long a node's agent may be silent; default 40 s, as kube-controller-manager. */
  readonly nodeGracePeriodMs?: number;
}

/** What to add to a manager to have a working cluster. */
export interface BuiltIns {
  readonly controllers: readonly Controller[];
  readonly runnables: readonly Runnable[];
}

/** All controllers that kube-controller-manager and kube-scheduler would run, as far as they are there yet. */
export function builtInControllers(options: BuiltInOptions): BuiltIns {
  return {
    controllers: [
      schedulerController(),
      deploymentController(),
      replicaSetController(),
      jobController(),
      orphanedPodController(),
      endpointSliceController(),
      endpointsController(),
      mirroringController(),
      clusterRoleController(),
      disruptionBudgetController(),
      claimController(options.directories),
      volumeController(options.directories),
      quotaController(),
      namespaceController(),
      serviceAccountController({ ca: options.ca }),
      tokenSecretController({ ca: options.ca }),
      nodeLifecycleController({ gracePeriodMs: options.nodeGracePeriodMs ?? 40_000 }),
      taintEvictionController(),
      podCollector(),
    ],
    runnables: [garbageCollector(options.client)],
  };
}
