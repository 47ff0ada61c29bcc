import { labelRequirements, matchesLabels, parseAPIVersion } from '@reeve/api';
import type { OwnerReference } from '@reeve/api';
import { ReplicaSet } from '@reeve/api/apps/v1';
import { Pod } from '@reeve/api/core/v1';
import { PodDisruptionBudget } from '@reeve/api/policy/v1';
import { discoverResources, isNotFound } from '@reeve/kube';
import type { APIResource, Client, Stored } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { isSame } from '../canonical-json.ts';
import { controllerOf } from '../owned-pod.ts';
import { budgetStatus } from './budget-status.ts';
import type { ExpectedPods } from './budget-status.ts';

type Context = ReconcileContext<PodDisruptionBudget, Stored<PodDisruptionBudget>>;

/** Keeps the status of disruption budgets, by which evictions are granted (KEP-85). */
export function disruptionBudgetController(): Controller {
  const scales = new ScaleLookup();
  return controller(PodDisruptionBudget, {
    name: 'disruption',
    eventSource: legacySource('controllermanager'),
    watches: [
      watch(Pod, {
        map: (pod, { read, change }) =>
          read
            .list(PodDisruptionBudget, { namespace: pod.metadata.namespace ?? '' })
            .filter((budget) => [pod, change.old].some((candidate) => candidate && selects(budget, candidate)))
            .map(keyOf),
      }),
    ],
    reads: [ReplicaSet],
    permissions: [
      { apiGroups: ['policy'], resources: ['poddisruptionbudgets/status'], verbs: ['update'] },
      { apiGroups: ['*'], resources: ['*/scale'], verbs: ['get'] },
    ],
    async reconcile(context) {
      const { obj, read, client, clock, event } = context;
      const namespace = obj.metadata.namespace ?? '';
      const pods = read.list(Pod, { namespace }).filter((pod) => selects(obj, pod));
      if (pods.length === 0) event({ reason: 'NoPods', note: 'No matching pods found' });
      const expected = await expectedPods(context, scales, pods);
      const status = budgetStatus(obj, pods, expected, clock.now());
      if (!isSame(status, obj.status))
        await client
          .of(PodDisruptionBudget)
          .in(namespace)
          .status.update(obj.metadata.name, { ...obj, status });
      return status.disruptedPods ? { requeueAfterMs: 10_000 } : undefined;
    },
  });
}

function selects({ spec, metadata }: Stored<PodDisruptionBudget>, pod: Stored<Pod>): boolean {
  return (
    metadata.namespace === pod.metadata.namespace &&
    matchesLabels(labelRequirements(spec?.selector), pod.metadata.labels ?? {})
  );
}

/** Adds up the scales of the pods' controllers; a ReplicaSet counts as its Deployment. Bare pods have none. */
async function expectedPods(
  { obj, read, client }: Context,
  scales: ScaleLookup,
  pods: readonly Stored<Pod>[],
): Promise<ExpectedPods> {
  const namespace = obj.metadata.namespace ?? '';
  const owners = new Map<string, OwnerReference>();
  for (const pod of pods) {
    const direct = controllerOf(pod);
    const set = direct?.kind === 'ReplicaSet' ? read.get(ReplicaSet, { namespace, name: direct.name }) : undefined;
    const owner = (set && controllerOf(set)) ?? direct;
    if (owner) owners.set(owner.uid, owner);
  }
  const sizes = await Promise.all([...owners.values()].map((owner) => scales.sizeOf(client, namespace, owner)));
  const scale = sizes.reduce((sum, size) => sum + size, 0);
  return { count: pods.length, scale };
}

/** Reads the scale subresource of any kind that has one. */
class ScaleLookup {
  #resources: readonly APIResource[] = [];

  async sizeOf(client: Client, namespace: string, owner: OwnerReference): Promise<number> {
    const resource = this.#find(owner) ?? (await this.#refresh(client), this.#find(owner));
    if (!resource) return 0;
    try {
      const { spec } = await client.of(resource).in(namespace).scale.get(owner.name);
      return spec?.replicas ?? 0;
    } catch (error) {
      if (isNotFound(error)) return 0;
      throw error;
    }
  }

  async #refresh(client: Client): Promise<void> {
    this.#resources = await discoverResources(client);
  }

  #find({ apiVersion, kind }: OwnerReference): APIResource | undefined {
    const { group } = parseAPIVersion(apiVersion);
    return this.#resources.find((resource) => resource.kind === kind && resource.group === group);
  }
}
