import { formatTime } from '@reeve/api';
import { Lease } from '@reeve/api/coordination/v1';
import { Node, Pod } from '@reeve/api/core/v1';
import { isNotFound } from '@reeve/kube';
import type { Stored } from '@reeve/kube';
import { controller, watch } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { desiredTaints, readinessOf, silentConditions } from './node-health.ts';

const LEASES = 'kube-node-lease';

type Context = ReconcileContext<Node, Stored<Node>>;

export interface NodeLifecycleOptions {
  /** How long an agent may be silent before its node counts as lost; kube-controller-manager's default is 40 s. */
  readonly gracePeriodMs: number;
}

/** Watches over the nodes: silent ones become Unknown, conditions become taints, their pods not ready. */
export function nodeLifecycleController({ gracePeriodMs }: NodeLifecycleOptions): Controller {
  /** When this process saw the node's lease or status change last: remote clocks are not compared. */
  const heard = new Map<string, { readonly mark: string; readonly at: number }>();
  return controller(Node, {
    name: 'node-lifecycle',
    eventSource: legacySource('node-controller'),
    concurrency: 5,
    watches: [watch(Lease, { namespace: LEASES, map: ({ metadata }) => [{ namespace: '', name: metadata.name }] })],
    reads: [Pod],
    permissions: [{ apiGroups: [''], resources: ['nodes', 'nodes/status', 'pods/status'], verbs: ['patch'] }],
    async reconcile(context) {
      const { obj, read, clock } = context;
      const name = obj.metadata.name;
      const lease = read.get(Lease, { namespace: LEASES, name });
      const ready = obj.status?.conditions?.find(({ type }) => type === 'Ready');
      const mark = `${lease?.spec?.renewTime ?? ''} ${ready?.lastHeartbeatTime ?? ''}`;
      const last = heard.get(name);
      if (last?.mark !== mark) heard.set(name, { mark, at: clock.now() });
      const silentMs = clock.now() - (heard.get(name)?.at ?? clock.now());
      if (silentMs >= gracePeriodMs) await declareSilent(context);
      await writeTaints(context);
      if (readinessOf(obj) !== 'True') await markPodsNotReady(context);
      return { requeueAfterMs: Math.max(200, gracePeriodMs - silentMs) };
    },
    deleted({ key }) {
      heard.delete(key.name);
    },
  });
}

async function declareSilent({ obj, client, clock, event }: Context): Promise<void> {
  const conditions = silentConditions(obj, formatTime(clock.now()));
  if (!conditions) return;
  await client.of(Node).status.patch(obj.metadata.name, { strategic: { status: { conditions } } });
  event({ reason: 'NodeNotReady', note: `Node ${obj.metadata.name} status is now: NodeNotReady` });
}

async function writeTaints({ obj, read, client, clock }: Context): Promise<void> {
  const evicts = read.list(Node).some((node) => readinessOf(node) === 'True');
  const taints = desiredTaints(obj, formatTime(clock.now()), evicts);
  if (!taints) return;
  const merge = { metadata: { resourceVersion: obj.metadata.resourceVersion }, spec: { taints } };
  await client.of(Node).patch(obj.metadata.name, { merge });
}

/** Pods of a lost node keep their phase, but nobody should send them requests. */
async function markPodsNotReady({ obj, read, client, clock }: Context): Promise<void> {
  const lastTransitionTime = formatTime(clock.now());
  for (const pod of read.list(Pod).filter(({ spec }) => spec?.nodeName === obj.metadata.name)) {
    const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True') continue;
    const condition = { ...ready, status: 'False', lastTransitionTime };
    await client
      .of(Pod)
      .in(pod.metadata.namespace ?? '')
      .status.patch(pod.metadata.name, { strategic: { status: { conditions: [condition] } } })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}
