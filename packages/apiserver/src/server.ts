import { setMaxListeners } from 'node:events';
import { makeOperations } from './operations/make-operations.ts';
import { uidSource } from './operations/uid.ts';
import { assembleParts, builtinStrategy } from './assemble.ts';
import type { ApiServerOptions } from './options.ts';
import type { Core, Parts } from './parts.ts';
import { makePipeline } from './pipeline/handler.ts';
import type { Pipeline } from './pipeline/handler.ts';
import { builtinResources } from './registry/builtin-resources.ts';
import { ResourceRegistry } from './registry/resource-registry.ts';
import { openStore } from './store/open-store.ts';

const defaultCompactionInterval = 5 * 60_000;

/** A running API server. `handler` reads credentials from headers; `as` serves in-process clients of a known identity. */
export interface ApiServer extends Pipeline {
  readonly core: Core;
  /** Ends background work; what was acknowledged is on disk. */
  stop(): Promise<void>;
}

/** Makes an API server and starts it: once this resolves it answers. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { clock, random } = options;
  const store = await openStore(clock, options.compactionInterval ?? defaultCompactionInterval, options.dataDir);
  const registry = new ResourceRegistry();
  registry.add(...builtinResources(builtinStrategy));
  const ended = new AbortController();
  // Each watch listens: many are no leak.
  setMaxListeners(0, ended.signal);
  const operations = makeOperations({ store, random, nextUid: uidSource(store, random), parts: () => parts });
  const core: Core = { options, store, registry, operations, ended: ended.signal };
  const parts: Parts = assembleParts(core);
  // Watchers may have seen a write that is not kept: they must list anew, from a server that has only what is.
  store.onFailure((failure) => {
    ended.abort('the data directory has failed');
    options.log?.(failure.message);
  });
  const endings: (() => void)[] = [];
  for (const start of parts.start) endings.push(await start(core));
  return {
    core,
    ...makePipeline(core, parts),
    async stop() {
      ended.abort('the server stops');
      for (const end of endings.toReversed()) end();
      await store.stop();
    },
  };
}
