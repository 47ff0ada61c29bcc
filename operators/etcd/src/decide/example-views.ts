import type { PodFacts, PodState } from '@reeve/stateful';
import type { ClusterView, ListedMember, MemberView } from './view.ts';

/** A pod that runs and is ready; the rest as given. For tests. */
export function pod(
  more: Partial<PodFacts> & { readonly state?: 'pending' | 'running' | 'terminating' | 'finished' } = {},
): PodState {
  return { state: 'running', uid: 'pod-uid', ready: true, node: 'ready', restarts: 0, ...more };
}

/** A healthy voter with this serial; the rest as given. For tests. */
export function member(serial: number, more: Partial<MemberView> = {}): MemberView {
  return {
    name: `db-${serial}`,
    serial,
    peerURL: `https://db-${serial}:2380`,
    id: `a${serial}`,
    role: 'voter',
    started: true,
    disk: { state: 'ready', uid: `claim-${serial}` },
    pod: pod(),
    answers: true,
    leader: serial === 1,
    appliedIndex: 100,
    silentSince: undefined,
    addedAt: undefined,
    outdated: false,
    labelledVoter: more.role === undefined || more.role === 'voter',
    fenced: true,
    zone: `zone-${serial}`,
    ...more,
  };
}

/** A member that has stopped answering. For tests. */
export function silent(serial: number, more: Partial<MemberView> = {}): MemberView {
  return member(serial, { answers: false, leader: false, silentSince: 0, ...more });
}

/** A cluster of these members that wants to stay as it is; the rest as given. For tests. */
export function view(members: readonly MemberView[], more: Partial<ClusterView> = {}): ClusterView {
  return {
    name: 'db',
    wanted: { size: Math.max(1, members.length), memory: false, paused: false },
    clusterID: 'c1',
    membership: { state: 'known', clusterID: 'c1', members: members.flatMap(listed) },
    members,
    nextSerial: Math.max(0, ...members.map(({ serial }) => serial)) + 1,
    replacements: [],
    alarms: [],
    last: undefined,
    change: undefined,
    preflight: { state: 'none' },
    retired: [],
    claimsRefused: undefined,
    authorityMissing: undefined,
    ...more,
  };
}

/** The goal of so many members on disks. For tests. */
export function wanted(size: number, more: Partial<ClusterView['wanted']> = {}): Pick<ClusterView, 'wanted'> {
  return { wanted: { size, memory: false, paused: false, ...more } };
}

/** No majority answers. For tests. */
export const noMajority: Pick<ClusterView, 'membership'> = { membership: { state: 'unknown' } };

function listed({ id, name, peerURL, role, started }: MemberView): readonly ListedMember[] {
  if (role === 'unlisted' || id === undefined) return [];
  return [{ id, name: started ? name : '', peerURLs: [peerURL], learner: role === 'learner' }];
}
