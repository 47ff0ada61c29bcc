import { sleep, type Clock, type Random } from '@reeve/api';
import { quorum } from '@reeve/stateful';
import type { Endpoint, EtcdAdmin, MemberList, MemberReport } from '../etcd/admin.ts';
import { EtcdError, type EtcdErrorCode } from '../etcd/etcd-error.ts';
import type { ModelCluster, ModelDisk, ModelProcess, ModelStart } from './model-types.ts';

const healthIntervalMs = 5000;

/**
 * etcd without its insides: members with disks, a log that is a counter, and the rules by which it refuses. It notes
 * what must never happen: a second cluster under one token, a member on another disk, a lost write.
 */
export class ModelEtcd {
  readonly violations: string[] = [];
  readonly processes: Map<string, ModelProcess> = new Map();
  readonly clusters: Map<string, ModelCluster> = new Map();
  readonly #clock: Clock;
  readonly #random: Random;
  #serial = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Starts a member, or says with what last words it ends at once. */
  start(key: string, address: string, disk: ModelDisk, flags: ModelStart): string | undefined {
    const words = disk.memberID === undefined ? this.#first(disk, flags) : this.#again(disk);
    if (words !== undefined) return words;
    this.processes.set(key, { name: flags.name, address, disk, since: this.#clock.now() });
    this.#settle();
    return undefined;
  }

  kill(key: string): void {
    this.processes.delete(key);
    this.#settle();
  }

  /** Whether the process runs and its cluster has a majority: what /health says. */
  healthy(key: string): boolean {
    const process = this.processes.get(key);
    const cluster = process && this.#clusterOf(process);
    return cluster !== undefined && this.#hasQuorum(cluster);
  }

  /** A client's write to the one cluster there is; tells whether it was acknowledged. */
  write(): boolean {
    for (const cluster of this.clusters.values()) {
      if (this.#hasQuorum(cluster)) return this.#commit(cluster);
    }
    return false;
  }

  admin(): EtcdAdmin {
    const change = async (at: Endpoint, apply: (cluster: ModelCluster) => void): Promise<MemberList> => {
      const cluster = await this.#majority(at);
      apply(cluster);
      this.#commit(cluster);
      return listOf(cluster);
    };
    return {
      status: async (at) => this.#report(await this.#reach(at)),
      list: async (at) => listOf(await this.#majority(at)),
      addLearner: (at, peerURL) => change(at, (cluster) => this.#add(cluster, peerURL)),
      promote: (at, id) => change(at, (cluster) => this.#promote(cluster, id)),
      remove: (at, id) => change(at, (cluster) => this.#remove(cluster, id)),
      moveLeader: async (at, id) => {
        const cluster = await this.#majority(at);
        const process = await this.#reach(at);
        if (process.disk.memberID !== cluster.leader) throw failure('NotLeader');
        cluster.leader = id;
        this.#settle();
      },
      hashKV: async (at) => (await this.#reach(at)).disk.applied,
      put: async (at) => void (await change(at, () => undefined)),
      get: async (at) => String((await this.#majority(at)).committed),
      keep: () => undefined,
      close: () => undefined,
    };
  }

  #first(disk: ModelDisk, { name, peerURL, state, cluster, token }: ModelStart): string | undefined {
    if (state === 'new') return this.#bootstrap(disk, name, peerURL, token);
    const found = [...this.processes.values()].find((one) => {
      const known = this.#clusterOf(one);
      const url = known?.members.get(one.disk.memberID ?? '')?.peerURL;
      return url !== undefined && url !== peerURL && cluster.includes(url);
    });
    const joined = found && this.#clusterOf(found);
    if (joined === undefined) return 'error: cannot fetch cluster info from peer urls';
    const urls = [...joined.members.values()].map((member) => member.peerURL);
    if (urls.toSorted().join() !== cluster.toSorted().join()) return 'error: member count is unequal';
    return this.#join(disk, joined, name, peerURL);
  }

  #bootstrap(disk: ModelDisk, name: string, peerURL: string, token: string): string | undefined {
    const id = `c-${token}-${peerURL}`;
    if ([...this.clusters.keys()].some((known) => known.startsWith(`c-${token}-`) && this.#isInUse(known))) {
      this.violations.push(`${name} founded a second cluster`);
    }
    const memberID = (this.#serial += 1).toString(16);
    const member = { id: memberID, name, peerURL, learner: false, started: true };
    this.clusters.set(id, { id, members: new Map([[memberID, member]]), committed: 1, leader: memberID });
    Object.assign(disk, { clusterID: id, memberID, applied: 1 });
    return undefined;
  }

  /** A cluster of one whose disk went before anyone could use it leaves nothing to lose. */
  #isInUse(id: string): boolean {
    return (this.clusters.get(id)?.members.size ?? 0) > 1;
  }

  #join(disk: ModelDisk, cluster: ModelCluster, name: string, peerURL: string): string | undefined {
    const member = [...cluster.members.values()].find((one) => one.peerURL === peerURL);
    if (member === undefined) return 'error: member count is unequal';
    if (member.started && !member.learner)
      this.violations.push(`${name} came back under its identity on an empty disk`);
    member.started = true;
    member.name = name;
    Object.assign(disk, { clusterID: cluster.id, memberID: member.id, applied: 0 });
    return undefined;
  }

  #again(disk: ModelDisk): string | undefined {
    const cluster = this.clusters.get(disk.clusterID ?? '');
    const isMember = cluster?.members.has(disk.memberID ?? '') === true;
    return isMember ? undefined : 'the member has been permanently removed from the cluster';
  }

  #clusterOf({ disk }: ModelProcess): ModelCluster | undefined {
    const cluster = this.clusters.get(disk.clusterID ?? '');
    return cluster?.members.has(disk.memberID ?? '') === true ? cluster : undefined;
  }

  #running({ id, members }: ModelCluster): readonly ModelProcess[] {
    return [...this.processes.values()].filter(({ disk }) => disk.clusterID === id && members.has(disk.memberID ?? ''));
  }

  #voters(cluster: ModelCluster): readonly ModelProcess[] {
    return this.#running(cluster).filter(({ disk }) => cluster.members.get(disk.memberID ?? '')?.learner === false);
  }

  #hasQuorum(cluster: ModelCluster): boolean {
    const votes = [...cluster.members.values()].filter(({ learner }) => !learner).length;
    return this.#voters(cluster).length >= quorum(votes);
  }

  #commit(cluster: ModelCluster): boolean {
    cluster.committed += 1;
    this.#settle();
    return true;
  }

  /** Elects and replicates: what real members do within a second. */
  #settle(): void {
    for (const cluster of this.clusters.values()) {
      if (!this.#hasQuorum(cluster)) continue;
      const voters = this.#voters(cluster);
      const furthest = Math.max(...voters.map(({ disk }) => disk.applied));
      if (!voters.some(({ disk }) => disk.memberID === cluster.leader)) {
        cluster.leader = voters.find(({ disk }) => disk.applied === furthest)?.disk.memberID;
        if (furthest < cluster.committed - 1) this.violations.push('an acknowledged write was lost');
      }
      for (const { disk } of this.#running(cluster)) disk.applied = cluster.committed;
    }
  }

  async #reach({ address }: Endpoint): Promise<ModelProcess> {
    await sleep(this.#clock, 1 + this.#random() * 10);
    const process = [...this.processes.values()].find((one) => one.address === address);
    if (process === undefined || this.#clusterOf(process) === undefined) throw failure('Unreachable');
    return process;
  }

  async #majority(at: Endpoint): Promise<ModelCluster> {
    const cluster = this.#clusterOf(await this.#reach(at));
    if (cluster === undefined || !this.#hasQuorum(cluster)) throw failure('TimedOut');
    return cluster;
  }

  #report({ disk }: ModelProcess): MemberReport {
    const cluster = this.clusters.get(disk.clusterID ?? '');
    return {
      id: disk.memberID ?? '',
      clusterID: disk.clusterID ?? '',
      version: '3.5.16',
      leader: cluster && this.#hasQuorum(cluster) ? cluster.leader : undefined,
      learner: cluster?.members.get(disk.memberID ?? '')?.learner === true,
      appliedIndex: disk.applied,
      raftTerm: 1,
      dbSizeBytes: 0,
      alarms: [],
    };
  }

  #add(cluster: ModelCluster, peerURL: string): void {
    const members = [...cluster.members.values()];
    if (members.some((member) => member.peerURL === peerURL)) throw failure('PeerExists');
    if (members.some(({ learner }) => learner)) throw failure('TooManyLearners');
    const voters = this.#voters(cluster);
    const votes = members.filter(({ learner }) => !learner).length;
    const settled = voters.every(({ since }) => this.#clock.now() - since >= healthIntervalMs);
    if (votes > 1 && (voters.length < votes || !settled)) throw failure('Unhealthy');
    const id = (this.#serial += 1).toString(16);
    cluster.members.set(id, { id, name: '', peerURL, learner: true, started: false });
  }

  #promote(cluster: ModelCluster, id: string): void {
    const member = cluster.members.get(id);
    if (member === undefined) throw failure('MemberNotFound');
    const process = this.#running(cluster).find(({ disk }) => disk.memberID === id);
    if (process === undefined || process.disk.applied < cluster.committed * 0.9) throw failure('NotInSync');
    member.learner = false;
  }

  #remove(cluster: ModelCluster, id: string): void {
    const member = cluster.members.get(id);
    if (member === undefined) throw failure('MemberNotFound');
    const rest = this.#voters(cluster).filter(({ disk }) => disk.memberID !== id).length;
    const votes = [...cluster.members.values()].filter((one) => !one.learner && one.id !== id).length;
    if (!member.learner && rest < quorum(votes)) throw failure('NotStarted');
    cluster.members.delete(id);
    if (!this.#hasQuorum(cluster)) this.violations.push('a removal cost the quorum');
  }
}

function listOf({ id, members }: ModelCluster): MemberList {
  const infos = [...members.values()].map(({ id: memberID, name, peerURL, learner }) => ({
    id: memberID,
    name,
    peerURLs: [peerURL],
    learner,
  }));
  return { clusterID: id, members: infos };
}

function failure(code: EtcdErrorCode): EtcdError {
  return new EtcdError(code, `model: ${code}`);
}
