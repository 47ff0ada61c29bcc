import { matchesLabels, parseLabelSelector } from '@reeve/api';
import type { Clock, KubeObject } from '@reeve/api';
import type { Informer } from '../cache/informer.ts';
import type { InformerScope } from '../cache/informer-registry.ts';
import { compareVersions } from '../cache/resource-version.ts';
import { keyOf, keyText } from '../object-key.ts';
import type { Write } from './tracked-client.ts';

/**
 * Reads never older than one's own last write: what a reconcile wrote must be in the cache before the same key is
 * reconciled again. Otherwise it would act on the past: create a second pod because it does not see the first.
 */
export class WriteBarrier {
  readonly #scope: InformerScope;
  readonly #clock: Clock;
  readonly #pending = new Map<string, Write[]>();

  constructor(scope: InformerScope, clock: Clock) {
    this.#scope = scope;
    this.#clock = clock;
  }

  record(key: string, write: Write): void {
    const informer = this.#scope.find(write.resource);
    if (informer === undefined || !willSee(informer, write)) return;
    const writes = this.#pending.get(key);
    if (writes === undefined) this.#pending.set(key, [write]);
    else writes.push(write);
  }

  /** True once everything written for the key has come back. */
  caughtUp(key: string): boolean {
    const open = (this.#pending.get(key) ?? []).filter((write) => !this.#seen(write));
    if (open.length === 0) this.#pending.delete(key);
    else this.#pending.set(key, open);
    return open.length === 0;
  }

  /** Waits until the key has caught up, at most `limitMs`; tells whether it has. */
  wait(key: string, limitMs: number): Promise<boolean> {
    if (this.caughtUp(key)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const endings: (() => void)[] = [];
      const finish = (caughtUp: boolean): void => {
        for (const end of endings) end();
        resolve(caughtUp);
      };
      const check = (): void => {
        if (this.caughtUp(key)) finish(true);
      };
      const informers = new Set((this.#pending.get(key) ?? []).map((write) => this.#scope.require(write.resource)));
      for (const informer of informers) endings.push(informer.onProgress(check));
      endings.push(this.#clock.schedule(limitMs, () => finish(this.caughtUp(key))));
    });
  }

  #seen(write: Write): boolean {
    const informer = this.#scope.require(write.resource);
    if (write.kind === 'delete') {
      const cached = informer.store.get(keyText(write));
      if (cached === undefined || (write.uid !== undefined && cached.metadata.uid !== write.uid)) return true;
      return cached.metadata.deletionTimestamp !== undefined;
    }
    const version = write.object.metadata?.resourceVersion ?? '';
    if (compareVersions(informer.version, version) >= 0) return true;
    const cached = informer.store.get(keyText(keyOf(write.object)));
    return cached !== undefined && compareVersions(cached.metadata.resourceVersion, version) >= 0;
  }
}

/** Whether the write will ever show up in the cache: only then is it worth waiting for. */
function willSee(informer: Informer<KubeObject>, write: Write): boolean {
  const { namespace, labelSelector, fieldSelector } = informer.cache;
  const key = write.kind === 'put' ? keyOf(write.object) : write;
  const cached = informer.store.get(keyText(key)) !== undefined;
  if (write.kind === 'delete' || cached) return cached;
  if (namespace !== undefined && namespace !== key.namespace) return false;
  if (fieldSelector !== undefined) return false;
  return labelSelector === undefined || matchesLabels(parseLabelSelector(labelSelector), write.object.metadata?.labels);
}
