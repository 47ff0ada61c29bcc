import assert from 'node:assert/strict';
import { eventually } from './local-cluster.ts';
import type { TestCluster } from './local-cluster.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}
export interface EtcdObject {
  readonly metadata: { readonly name: string; readonly generation: number; readonly resourceVersion: string };
  readonly spec: { readonly clusterSize: number };
  readonly status?: {
    readonly ready?: string;
    readonly leader?: string;
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly members?: readonly { readonly name: string; readonly id?: string; readonly ready: boolean }[];
  };
}
interface PodObject {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: {
    readonly nodeName: string;
    readonly volumes: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[];
  };
}

const isReady = ({ status }: PodObject): boolean =>
  status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

/** One EtcdCluster of a test, seen through kubectl. */
export class EtcdUnderTest {
  readonly cluster: TestCluster;
  readonly name: string;

  constructor(cluster: TestCluster, name: string) {
    this.cluster = cluster;
    this.name = name;
  }

  create(spec: object): void {
    this.cluster.apply({
      apiVersion: 'etcd.reeve.dev/v1alpha1',
      kind: 'EtcdCluster',
      metadata: { name: this.name },
      spec,
    });
  }

  get(): EtcdObject {
    return this.cluster.json<EtcdObject>('etcd', this.name);
  }

  condition(type: string): Condition | undefined {
    return this.get().status?.conditions?.find((condition) => condition.type === type);
  }

  /** Ready, of the right size, nothing under way, and the same again a moment later. */
  async settled(size: number, timeoutMs = 90_000): Promise<void> {
    await eventually(
      `${this.name} ${size}/${size}`,
      () => {
        const { metadata, status } = this.get();
        const of = (type: string): string | undefined =>
          status?.conditions?.find((condition) => condition.type === type)?.status;
        return (
          status?.observedGeneration === metadata.generation &&
          of('Ready') === 'True' &&
          of('Reconciling') !== 'True' &&
          status.ready === `${size}/${size}`
        );
      },
      timeoutMs,
    );
  }

  pods(): readonly PodObject[] {
    return this.cluster.json<{ items: readonly PodObject[] }>('pods', '-l', `etcd.reeve.dev/cluster=${this.name}`)
      .items;
  }

  pod(name: string): PodObject {
    return this.cluster.json<PodObject>('pod', name);
  }

  etcdctl(member: string, ...args: readonly string[]): string {
    return this.cluster.kubectl('exec', member, '-c', 'etcd', '--', 'etcdctl', ...args);
  }

  /** Runs etcdctl in whichever ready member answers first. */
  async anywhere(...args: readonly string[]): Promise<string> {
    return eventually(`etcdctl ${args.join(' ')}`, () => {
      for (const pod of this.pods().filter(isReady)) {
        const run = this.cluster.tryKubectl('exec', pod.metadata.name, '-c', 'etcd', '--', 'etcdctl', ...args);
        if (run.code === 0) return run.stdout.trim();
      }
      return undefined;
    });
  }

  async write(key: string, value: string): Promise<void> {
    assert.equal(await this.anywhere('put', key, value), 'OK');
  }

  /** A linearizable read: what was acknowledged must be there. */
  async expect(key: string, value: string): Promise<void> {
    assert.equal(await this.anywhere('get', key, '--print-value-only'), value);
  }

  memberIDs(): readonly string[] {
    return (this.get().status?.members ?? []).map(({ id }) => id ?? '').toSorted();
  }

  claimOf(pod: string): string {
    const claim = this.pod(pod).spec.volumes.find(
      ({ persistentVolumeClaim }) => persistentVolumeClaim,
    )?.persistentVolumeClaim;
    assert.ok(claim, `${pod} has no claim`);
    return claim.claimName;
  }
}
