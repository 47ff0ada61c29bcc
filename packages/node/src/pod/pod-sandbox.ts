import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Pod } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';

import type { PodFacts } from '../env/field-ref.ts';
import { addPodNetwork, removePodNetwork } from '../network/bridge.ts';
import type { PodNetwork } from '../network/bridge.ts';
import type { NodeContext } from '../node/node-context.ts';
import { PodVolumes } from '../volume/pod-volumes.ts';
import type { PayloadInput } from '../volume/volume-payload.ts';
import { hostnameOf, writePodFiles } from './pod-files.ts';

/** What a pod's containers share: network, host name, volumes, /etc files. */
export class PodSandbox {
  readonly network: PodNetwork;
  readonly volumes: PodVolumes;
  readonly hostname: string;
  readonly etc: string;
  readonly #node: NodeContext;
  readonly #podDir: string;

  private constructor(node: NodeContext, pod: Stored<Pod>, network: PodNetwork) {
    const { uid } = pod.metadata;
    const podDir = join(node.dataDir, 'nodes', node.nodeName, 'pods', uid);
    this.#node = node;
    this.#podDir = podDir;
    this.network = network;
    this.hostname = hostnameOf(pod);
    this.etc = join(node.runDir, 'pods', uid, 'etc');
    const memoryDir = join(node.runDir, 'pods', uid);
    this.volumes = new PodVolumes(
      { podDir, memoryDir, dataDir: node.dataDir, severalUsers: !node.userNamespace },
      node.clock,
    );
  }

  /** Makes the network and the files in /etc; volumes follow by `setUpVolumes`. */
  static async create(node: NodeContext, pod: Stored<Pod>): Promise<PodSandbox> {
    const address = node.addresses.take();
    node.assigned.set(address, pod);
    try {
      const gateway = node.nodeIP;
      const network = await addPodNetwork(node.nextNetworkName(), address, { podRange: node.podRange, gateway });
      const sandbox = new PodSandbox(node, pod, network);
      mkdirSync(sandbox.#podDir, { recursive: true });
      const { dnsAddress, clusterDomain } = node;
      writePodFiles(sandbox.etc, { pod, podIP: address, hostname: sandbox.hostname, dnsAddress, clusterDomain });
      return sandbox;
    } catch (error) {
      node.assigned.delete(address);
      node.addresses.free(address);
      throw error;
    }
  }

  /** Throws `InvalidPod` with what is missing; may be called again. */
  async setUpVolumes(pod: Stored<Pod>): Promise<void> {
    await this.volumes.setUp(pod.spec?.volumes ?? [], this.#payloadInput(pod));
  }

  async refreshVolumes(pod: Stored<Pod>): Promise<void> {
    await this.volumes.refresh(pod.spec?.volumes ?? [], this.#payloadInput(pod));
  }

  facts(pod: Pod): PodFacts {
    return { pod, podIP: this.network.address, hostIP: this.#node.nodeIP };
  }

  /** On disk, for a container's root and its termination message. */
  containerDirectory(name: string): string {
    return join(this.#podDir, 'containers', name);
  }

  /** `keepFiles` after a power cut: the pod comes back on the same volumes. Its processes must be gone. */
  async tearDown(uid: string, options: { readonly keepFiles: boolean }): Promise<void> {
    await this.volumes.tearDown(options);
    await removePodNetwork(this.network.name).catch(() => undefined);
    this.#node.assigned.delete(this.network.address);
    this.#node.addresses.free(this.network.address);
    if (!options.keepFiles) this.#node.tokens.forget(uid);
  }

  #payloadInput(pod: Stored<Pod>): PayloadInput {
    const { objects, capacity, tokens } = this.#node;
    return {
      ...this.facts(pod),
      objects,
      capacity,
      token: (audience, seconds) => tokens.tokenFor(pod, audience, seconds),
    };
  }
}
