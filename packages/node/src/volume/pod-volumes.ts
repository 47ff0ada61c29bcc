import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { quantityValue } from '@reeve/api';
import type { Clock } from '@reeve/api';
import type { Container, EmptyDirVolumeSource, Volume } from '@reeve/api/core/v1';

import { runCommand } from '../command.ts';
import { bind } from '../container/mount.ts';
import type { Mount } from '../container/mount.ts';
import { expandVariables } from '../env/expand.ts';
import { messageOf, NodeError } from '../node-error.ts';
import { claimPath, hostDirectory } from './claim-path.ts';
import { PayloadWriter } from './payload-writer.ts';
import { subPathIn } from './sub-path.ts';
import { buildPayload } from './volume-payload.ts';
import type { PayloadInput } from './volume-payload.ts';

/** Where a pod's volumes are kept. */
export interface VolumePlaces {
  /** On disk; outlives a restart of the node, not the pod. */
  readonly podDir: string;
  /** In memory: secrets never reach the disk. */
  readonly memoryDir: string;
  /** The cluster's directory, the only place for hostPath. */
  readonly dataDir: string;
  /** Pods run as users of their own, so a directory must be open to all of them. */
  readonly severalUsers: boolean;
}

interface ReadyVolume {
  readonly path: string;
  readonly readOnly: boolean;
}

const retryMs = 10_000;

/** The volumes of one pod: made before its containers, kept current while they run, taken down after them. */
export class PodVolumes {
  readonly #places: VolumePlaces;
  readonly #clock: Clock;
  readonly #ready = new Map<string, ReadyVolume>();
  readonly #writers = new Map<string, PayloadWriter>();
  readonly #tmpfs: string[] = [];
  #cancelRenewal: () => void = () => undefined;
  #closed = false;

  constructor(places: VolumePlaces, clock: Clock) {
    this.#places = places;
    this.#clock = clock;
  }

  /** Throws `InvalidPod` with what is missing; may be called again. */
  async setUp(volumes: readonly Volume[], input: PayloadInput): Promise<void> {
    for (const volume of volumes) {
      if (this.#ready.has(volume.name)) continue;
      try {
        this.#ready.set(volume.name, await this.#make(volume, input));
      } catch (cause) {
        const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${messageOf(cause)}`;
        throw new NodeError('InvalidPod', message, { cause });
      }
    }
    await this.refresh(volumes, input);
  }

  /** Writes changed objects and renewed tokens. A source that is gone leaves the files as they were. */
  async refresh(volumes: readonly Volume[], input: PayloadInput): Promise<void> {
    this.#cancelRenewal();
    let renewAt: number | undefined;
    for (const volume of volumes) {
      const writer = this.#writers.get(volume.name);
      if (writer === undefined) continue;
      const built = await buildPayload(volume, input).catch(() => undefined);
      if (built !== undefined && !this.#closed) writer.write(built.files);
      const next = built === undefined ? this.#clock.now() + retryMs : built.renewAt;
      if (next !== undefined) renewAt = Math.min(renewAt ?? next, next);
    }
    if (renewAt === undefined || this.#closed) return;
    const delay = Math.max(0, renewAt - this.#clock.now());
    this.#cancelRenewal = this.#clock.schedule(delay, () => void this.refresh(volumes, input));
  }

  /** The mounts of a container, outer ones first. */
  mountsFor(container: Container, env: ReadonlyMap<string, string>): readonly Mount[] {
    return (container.volumeMounts ?? [])
      .toSorted((one, other) => one.mountPath.length - other.mountPath.length)
      .map(({ name, mountPath, subPath, subPathExpr, readOnly }) => {
        const volume = this.#ready.get(name);
        if (volume === undefined) throw new NodeError('InvalidPod', `the pod has no volume ${name}`);
        const inside = subPathExpr === undefined ? subPath : expandVariables(subPathExpr, env);
        const source = inside === undefined || inside === '' ? volume.path : subPathIn(volume.path, inside);
        return bind(source, mountPath, readOnly === true || volume.readOnly);
      });
  }

  /** Frees memory and, when the pod is gone for good, its files. */
  async tearDown({ keepFiles }: { readonly keepFiles: boolean }): Promise<void> {
    this.#closed = true;
    this.#cancelRenewal();
    for (const path of this.#tmpfs) await runCommand('umount', ['-l', path]).catch(() => undefined);
    rmSync(this.#places.memoryDir, { recursive: true, force: true });
    if (!keepFiles) rmSync(this.#places.podDir, { recursive: true, force: true });
  }

  async #make(volume: Volume, input: PayloadInput): Promise<ReadyVolume> {
    const { name, emptyDir, hostPath, persistentVolumeClaim, ephemeral } = volume;
    const { namespace = '', name: podName = '' } = input.pod.metadata ?? {};
    const { dataDir } = this.#places;
    if (emptyDir !== undefined) return { path: await this.#makeEmptyDir(name, emptyDir), readOnly: false };
    if (hostPath !== undefined) return { path: hostDirectory(hostPath, dataDir), readOnly: false };
    if (persistentVolumeClaim !== undefined) {
      const { claimName, readOnly = false } = persistentVolumeClaim;
      const path = await claimPath(namespace, claimName, input.objects, dataDir);
      if (this.#places.severalUsers) chmodSync(path, 0o777);
      return { path, readOnly };
    }
    if (ephemeral !== undefined) {
      return { path: await claimPath(namespace, `${podName}-${name}`, input.objects, dataDir), readOnly: false };
    }
    const built = await buildPayload(volume, input);
    if (built === undefined)
      throw new NodeError('InvalidPod', `process nodes do not support this kind of volume (${kindOf(volume)})`);
    const path = join(this.#places.memoryDir, 'volumes', name);
    const writer = new PayloadWriter(path);
    writer.write(built.files);
    this.#writers.set(name, writer);
    return { path, readOnly: true };
  }

  async #makeEmptyDir(name: string, { medium, sizeLimit }: EmptyDirVolumeSource): Promise<string> {
    const inMemory = medium === 'Memory';
    const path = inMemory ? join(this.#places.memoryDir, 'tmpfs', name) : join(this.#places.podDir, 'volumes', name);
    mkdirSync(path, { recursive: true });
    if (inMemory) {
      const size = sizeLimit === undefined ? '' : `,size=${quantityValue(String(sizeLimit))}`;
      await runCommand('mount', ['-t', 'tmpfs', '-o', `mode=1777,nosuid,nodev${size}`, 'tmpfs', path]);
      this.#tmpfs.push(path);
    } else {
      chmodSync(path, 0o777);
    }
    return path;
  }
}

function kindOf(volume: Volume): string {
  return Object.keys(volume)
    .filter((key) => key !== 'name')
    .join(', ');
}
