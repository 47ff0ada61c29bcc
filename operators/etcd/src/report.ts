import { quorum, tolerance } from '@reeve/stateful';
import type { ConditionInput, StatusWriter } from '@reeve/operator';
import { tagOf } from './api/spec.ts';
import type { EtcdClusterStatus, MemberRecord } from './api/status.ts';
import type { Action } from './decide/action.ts';
import { isDeed } from './decide/action.ts';
import { lowestVersion } from './decide/version-path.ts';
import type { ClusterView } from './decide/view.ts';
import { labelKeys, type ClusterIdentity } from './names.ts';
import { acceptedOf } from './observe/change.ts';
import type { Facts } from './observe/facts.ts';

type Fields = Partial<EtcdClusterStatus>;

/** The fields of the status that say what was seen. */
export function statusFields(facts: Facts, records: readonly MemberRecord[]): Fields {
  const { identity, status, reports } = facts;
  const listed = records.filter(({ role }) => role === 'Voter' || role === 'Learner').length;
  const readyMembers = records.filter(({ ready }) => ready).length;
  const leader = [...reports].find(([, { id, leader: leading }]) => id === leading)?.[0];
  const version = lowestVersion(records.flatMap(({ version: runs, role }) => (runs && role === 'Voter' ? [runs] : [])));
  return {
    members: records,
    clusterSize: listed,
    readyMembers,
    ready: `${readyMembers}/${identity.spec.clusterSize}`,
    leader,
    version: version === undefined ? undefined : tagOf(version),
    selector: `${labelKeys.cluster}=${identity.name}`,
    accepted: acceptedOf(facts),
    clusterID: status.clusterID,
  };
}

/** Says in the standard conditions what goes on. */
export function tellAction(status: StatusWriter<EtcdClusterStatus>, action: Action, isReady: boolean): void {
  switch (action.kind) {
    case 'Idle':
      return status.ready('Healthy', sentence(action.reason));
    case 'Paused':
      status.condition({
        type: 'Ready',
        status: isReady ? 'True' : 'False',
        reason: 'Paused',
        message: sentence(action.reason),
      });
      status.removeCondition('Reconciling');
      return status.removeCondition('Stalled');
    case 'Blocked':
      return status.stalled(action.obstacle, `${sentence(action.reason)} ${action.next}`);
    default:
      // Tidying up beside a healthy cluster is no news to those who wait for it.
      if (isReady && isDeed(action) && (action.kind === 'DeleteClaim' || action.kind === 'EndPreflight'))
        return undefined;
      return status.reconciling(action.task, sentence(action.reason));
  }
}

/** The operator's own conditions. */
export function ownConditions(view: ClusterView): readonly ConditionInput[] {
  return [available(view), faultTolerant(view), storageHealthy(view)];
}

function available({ clusterID, membership, members }: ClusterView): ConditionInput {
  const type = 'Available';
  if (membership.state === 'known' && clusterID !== undefined) {
    return { type, status: 'True', reason: 'Quorum', message: 'A majority of the members answers reads and writes.' };
  }
  if (clusterID === undefined)
    return { type, status: 'False', reason: 'Creating', message: 'The first member has not started yet.' };
  const voters = members.filter(({ role }) => role === 'voter');
  const message = `No majority answers: ${voters.filter(({ answers }) => answers).length} of ${voters.length} members do.`;
  return { type, status: 'False', reason: 'NoQuorum', message };
}

function faultTolerant({ wanted }: ClusterView): ConditionInput {
  const { size } = wanted;
  const type = 'FaultTolerant';
  const survives = tolerance(size);
  if (size % 2 === 0) {
    const message = `${size} members survive the loss of ${survives}, no more than ${size - 1} do, and need ${quorum(size)} to agree; ${size + 1} would survive ${tolerance(size + 1)}.`;
    return { type, status: survives > 0 ? 'True' : 'False', reason: 'EvenSize', message };
  }
  return survives > 0
    ? { type, status: 'True', reason: 'OddSize', message: `${size} members survive the loss of ${survives}.` }
    : {
        type,
        status: 'False',
        reason: 'SingleMember',
        message: 'One member does not survive the loss of any; 3 would survive one.',
      };
}

function storageHealthy({ alarms }: ClusterView): ConditionInput {
  const type = 'StorageHealthy';
  const full = alarms.filter(({ kind }) => kind === 'NoSpace').map(({ memberID }) => memberID);
  if (alarms.some(({ kind }) => kind === 'Corrupt')) {
    return { type, status: 'False', reason: 'Corrupt', message: 'etcd has found that members hold different data.' };
  }
  if (full.length === 0) return { type, status: 'True', reason: 'NoAlarm', message: 'etcd has raised no alarm.' };
  const message = `The database has reached its quota (member ${full.join(', ')}) and takes no writes. Raise spec.options.quotaBackendBytes or compact, defragment, and clear the alarm with etcdctl alarm disarm.`;
  return { type, status: 'False', reason: 'NoSpace', message };
}

function sentence(reason: string): string {
  return `${reason}.`;
}

/** Whether every wanted member is there and ready. */
export function isWhole(
  { identity }: { readonly identity: ClusterIdentity },
  records: readonly MemberRecord[],
): boolean {
  return records.length === identity.spec.clusterSize && records.every(({ ready }) => ready);
}
