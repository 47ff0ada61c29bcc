import type { Stored } from '@reeve/kube';
import type { ReconcileContext, ReconcileResult } from '@reeve/operator';
import type { EtcdClusterStatus, MemberRecord, Operation } from './api/status.ts';
import { act } from './act/act.ts';
import type { ActContext } from './act/context.ts';
import { explainFailure } from './failure.ts';
import { isDeed, type Action, type Deed } from './decide/action.ts';
import { decide } from './decide/decide.ts';
import type { ClusterView } from './decide/view.ts';
import type { AdminPool } from './etcd/admin-pool.ts';
import { isEtcdError } from './etcd/etcd-error.ts';
import type { ClusterIdentity } from './names.ts';
import type { Facts } from './observe/facts.ts';
import { credentialsOf, endpointsOf, lookAt } from './observe/look.ts';
import { refreshRecords } from './observe/records.ts';
import { survey } from './observe/survey.ts';
import { viewOf } from './observe/view-of.ts';
import { paceOf, retryMs } from './pace.ts';
import { isWhole, ownConditions, statusFields, tellAction } from './report.ts';
import type { EtcdCluster } from './resources.ts';
import type { Settings } from './settings.ts';
import { keepSupport, ownerOf } from './support.ts';
import { tellEvents, warnOfSize } from './tell-events.ts';

export interface Dependencies {
  readonly settings: Pick<Settings, 'policy' | 'clusterDomain'>;
  readonly admins: AdminPool;
}

type Context = ReconcileContext<EtcdCluster, Stored<EtcdCluster>>;

/** What one look has given. */
interface Sight {
  readonly facts: Facts;
  readonly view: ClusterView;
  readonly records: readonly MemberRecord[];
  readonly acting: ActContext;
}

/** One pass: observe, decide, record the intent, take one step. */
export async function reconcile(context: Context, dependencies: Dependencies): Promise<ReconcileResult> {
  // The garbage collector takes what belongs to a cluster that is being deleted.
  if (context.obj.metadata.deletionTimestamp !== undefined) return {};
  try {
    const sight = await see(context, dependencies);
    const action = decide(sight.view, dependencies.settings.policy, context.clock.now());
    describe(context, sight, action);
    tellEvents(context, action);
    return { requeueAfterMs: isDeed(action) ? await take(context, sight, action) : paceOf(action) };
  } catch (error) {
    return { requeueAfterMs: explainFailure(context, error) };
  }
}

/** Takes the step; gives the time until the next look. */
async function take(context: Context, { acting }: Sight, deed: Deed): Promise<number> {
  const fields = { step: deed.kind, task: deed.task };
  await recordIntent(context, deed);
  try {
    context.status.set(await act(acting, deed));
    context.log.info(deed.reason, fields);
    return paceOf(deed);
  } catch (error) {
    if (!isEtcdError(error) || !error.passing) throw error;
    context.log.debug(error.message, fields);
    return retryMs;
  }
}

async function see(context: Context, { settings, admins }: Dependencies): Promise<Sight> {
  const { obj, read, clock, client } = context;
  const identity = identityOf(obj, settings.clusterDomain);
  const cached = lookAt(identity, obj.status ?? {}, read, clock);
  const known = identity.spec.paused === true ? cached : await keepSupport(context, cached);
  const admin = admins.of(`${identity.namespace}/${identity.name}`, credentialsOf(known));
  const endpoints = endpointsOf(known);
  const facts: Facts = { ...known, ...(await survey(admin, endpoints)) };
  const records = refreshRecords(facts);
  const view = viewOf(facts, records);
  return {
    facts,
    view,
    records,
    acting: { client, clock, admin, facts, view, owner: ownerOf(obj), endpoints, records },
  };
}

function describe(context: Context, { facts, view, records }: Sight, action: Action): void {
  const { obj, status } = context;
  status.set({ ...statusFields(facts, records), observedGeneration: obj.metadata.generation });
  tellAction(status, action, isWhole(facts, records));
  for (const condition of ownConditions(view)) {
    warnOfSize(context, condition);
    status.condition(condition);
  }
}

/**
 * Writes what is about to be done before it is done. The write carries the version of the object that was read, so that
 * of two operators only one goes on.
 */
async function recordIntent({ obj, status, clock }: Context, deed: Deed): Promise<void> {
  const present: EtcdClusterStatus = obj.status ?? {};
  const startedAt = new Date(clock.now()).toISOString();
  const { task, kind: step, reason } = deed;
  const intent: Operation = { task, step, reason, startedAt, ...('member' in deed ? { member: deed.member } : {}) };
  if (!isSame(present.operation, intent)) status.set({ operation: intent });
  await status.flush();
}

function isSame(a: Operation | undefined, b: Operation): boolean {
  return a?.task === b.task && a.step === b.step && a.member === b.member && a.reason === b.reason;
}

function identityOf({ metadata, spec }: Stored<EtcdCluster>, clusterDomain: string): ClusterIdentity {
  return { name: metadata.name, namespace: metadata.namespace ?? 'default', uid: metadata.uid, spec, clusterDomain };
}
