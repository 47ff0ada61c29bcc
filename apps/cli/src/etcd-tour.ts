import { join } from 'node:path';
import { sleep } from '@reeve/api';
import type { Condition, KubeObject, ResourceDescriptor } from '@reeve/api';
import { PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import { isConflict, isNotFound } from '@reeve/kube';
import type { Client, ResourceClient, Stored } from '@reeve/kube';
import { CliError } from './cli-error.ts';
import { checkoutDir, clock } from './environment.ts';
import { applyObjects, readManifest } from './manifest.ts';

/** What the tours read of an EtcdCluster. */
export interface EtcdCluster extends KubeObject {
  readonly spec?: { readonly clusterSize: number; readonly version: string };
  readonly status?: {
    readonly ready?: string;
    readonly leader?: string;
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly members?: readonly { readonly name: string; readonly ready: boolean }[];
  };
}

export const EtcdCluster: ResourceDescriptor<EtcdCluster> = {
  group: 'etcd.reeve.dev',
  version: 'v1alpha1',
  kind: 'EtcdCluster',
  plural: 'etcdclusters',
  namespaced: true,
};

const OPERATOR = join(checkoutDir, 'deploy', 'etcd-operator.yaml');
const EXAMPLE = join(checkoutDir, 'examples', 'etcd', 'cluster.yaml');
const NAMESPACE = 'default';
const CLUSTER_LABEL = 'etcd.reeve.dev/cluster';
const RETRY_MS = 50;

/** One example cluster, driven as a person would drive it. */
export class EtcdTour {
  readonly name = 'example';
  readonly #client: Client;
  readonly #say: (line: string) => void;

  constructor(client: Client, say: (line: string) => void) {
    this.#client = client;
    this.#say = say;
  }

  async installOperator(): Promise<void> {
    await applyObjects(this.#client, await readManifest(OPERATOR));
  }

  /**
   * Makes the example unless it is there already, as a person may have left it; gives its size and whether it is new.
   * Its kind may need a moment after its definition.
   */
  async ensureExample(): Promise<{ readonly size: number; readonly isNew: boolean }> {
    const found = await retry(() => this.#clusters().find(this.name), isNotFound);
    if (found) return { size: found.spec?.clusterSize ?? 0, isNew: false };
    const objects = await readManifest(EXAMPLE);
    await retry(
      () => applyObjects(this.#client, objects),
      (error) => error instanceof CliError || isNotFound(error),
    );
    return { size: (await this.get()).spec?.clusterSize ?? 0, isNew: true };
  }

  async get(): Promise<Stored<EtcdCluster>> {
    return this.#clusters().get(this.name);
  }

  async resize(clusterSize: number): Promise<void> {
    await this.#clusters().patch(this.name, { merge: { spec: { clusterSize } } });
  }

  /** Tells each change of the Ready condition until all members are ready and nothing is left to do. */
  async untilReady(size: number, timeoutMs = 120_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    let told = '';
    for await (const event of this.#clusters().watch({
      fieldSelector: `metadata.name=${this.name}`,
      sendInitialEvents: true,
      signal: deadline,
    })) {
      if (event.type === 'BOOKMARK') continue;
      const cluster = event.object;
      const ready = cluster.status?.conditions?.find(({ type }) => type === 'Ready');
      const line = `${cluster.status?.ready ?? '0'}  ${ready?.message ?? 'waiting for the operator'}`;
      if (line !== told) this.#say(line);
      told = line;
      if (isSettled(cluster, size)) return;
    }
    throw new CliError(
      `The cluster was not ready after ${timeoutMs / 1000} s. "reeve kubectl describe etcd ${this.name}" tells why; last news: ${told}`,
    );
  }

  async members(): Promise<readonly Stored<Pod>[]> {
    return (await this.#allPods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** Runs etcdctl in a ready member; other members are tried while one is going away. */
  async etcdctl(...args: readonly string[]): Promise<string> {
    return this.etcdctlWith('', ...args);
  }

  async etcdctlWith(input: string, ...args: readonly string[]): Promise<string> {
    return retry(
      async () => {
        const members = await this.members();
        const member = members.find((pod) => isReady(pod)) ?? members[0];
        if (!member) throw new CliError('The cluster has no members.');
        const result = await this.#client.pods(NAMESPACE).run(member.metadata.name, {
          command: ['etcdctl', ...args],
          container: 'etcd',
          ...(input === '' ? {} : { stdin: true, input }),
        });
        if (result.code !== 0)
          throw new CliError(`etcdctl ${args.join(' ')}: ${result.stderr.trim() || result.message}`);
        return result.stdout.trim();
      },
      () => true,
    );
  }

  /** Writes `tour/0` … in one session of etcdctl's transactions. */
  async putKeys(count: number): Promise<void> {
    const BATCH = 100; // etcd takes at most 128 operations in a transaction
    for (let first = 0; first < count; first += BATCH) {
      const puts = Array.from(
        { length: Math.min(BATCH, count - first) },
        (_, index) => `put tour/${first + index} value-${first + index}`,
      );
      await this.etcdctlWith(`\n${puts.join('\n')}\n\n\n`, 'txn');
    }
  }

  /**
   * Ends a member's process as a crash would, and waits until it runs and is ready again. SIGQUIT ends a Go program at
   * once, without its clean-up; the kernel keeps SIGKILL from the first process of a namespace.
   */
  async crash(member: string): Promise<void> {
    const before = restartsOf(await this.#pods().get(member));
    await this.#client
      .pods(NAMESPACE)
      .run(member, { command: ['sh', '-c', 'kill -QUIT 1'], container: 'etcd' })
      .catch(() => undefined); // the connection may break with the process
    await this.#until(`${member} did not start again`, async () => {
      const pod = await this.#pods().find(member);
      return pod !== undefined && restartsOf(pod) > before && isReady(pod);
    });
  }

  /** Takes a member's disk away, its claim and its pod, and waits until the member has left the cluster. */
  async loseDisk(member: string): Promise<void> {
    const pod = await this.#pods().get(member);
    const claim = pod.spec?.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim)?.persistentVolumeClaim
      ?.claimName;
    if (claim !== undefined) await this.#client.of(PersistentVolumeClaim).in(NAMESPACE).delete(claim);
    await this.#pods().delete(member, { gracePeriodSeconds: 0 });
    await this.#until(`${member} was not replaced`, async () => {
      const cluster = await this.get();
      return !cluster.status?.members?.some(({ name }) => name === member);
    });
  }

  /** Deletes the cluster and waits until its last pod has ended. */
  async destroy(): Promise<void> {
    await this.#clusters().delete(this.name, { propagationPolicy: 'Background' });
    await this.#until('The cluster was not gone', async () => {
      return (await this.#clusters().find(this.name)) === undefined && (await this.#allPods()).length === 0;
    });
  }

  async #allPods(): Promise<readonly Stored<Pod>[]> {
    return (await this.#pods().list({ labelSelector: { matchLabels: { [CLUSTER_LABEL]: this.name } } })).items;
  }

  async #until(failure: string, holds: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
    const deadline = clock.now() + timeoutMs;
    while (!(await holds())) {
      if (clock.now() > deadline) throw new CliError(`${failure} in ${timeoutMs / 1000} s.`);
      await sleep(clock, RETRY_MS);
    }
  }

  #clusters(): ResourceClient<EtcdCluster> {
    return this.#client.of(EtcdCluster).in(NAMESPACE);
  }

  #pods(): ResourceClient<Pod> {
    return this.#client.of(Pod).in(NAMESPACE);
  }
}

function isSettled({ metadata, status }: Stored<EtcdCluster>, size: number): boolean {
  const of = (type: string): Condition | undefined => status?.conditions?.find((condition) => condition.type === type);
  const isCurrent = status?.observedGeneration === metadata.generation;
  return (
    isCurrent &&
    of('Ready')?.status === 'True' &&
    of('Reconciling')?.status !== 'True' &&
    status?.ready === `${size}/${size}`
  );
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

function restartsOf({ status }: Pod): number {
  return status?.containerStatuses?.[0]?.restartCount ?? 0;
}

/** Tries again for up to half a minute while `isPassing` says that the error may pass. */
async function retry<T>(attempt: () => Promise<T>, isPassing: (error: unknown) => boolean): Promise<T> {
  const deadline = clock.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (clock.now() > deadline || !(isPassing(error) || isConflict(error))) throw error;
      await sleep(clock, RETRY_MS);
    }
  }
}
