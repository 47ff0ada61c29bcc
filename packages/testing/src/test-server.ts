import type { ResourceDescriptor } from '@reeve/api';
import { CustomResourceDefinition } from '@reeve/api/apiextensions/v1';
import { Namespace } from '@reeve/api/core/v1';
import { createApiServer, loopbackUser } from '@reeve/apiserver';
import type { ApiServer } from '@reeve/apiserver';
import { createClient, inProcessTransport, isAlreadyExists } from '@reeve/kube';
import type { Client, Transport } from '@reeve/kube';
import { seededRandom, virtualClock } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** An API server in this process, under virtual time, where everything is allowed. */
export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer;
  readonly clock: VirtualClock;
  readonly client: Client;
  /** For clients of one's own, such as over a faulty transport. */
  readonly transport: Transport;
  /** Installs a custom resource. */
  define(definition: ResourceDescriptor & { crd(): CustomResourceDefinition }): Promise<void>;
}

/** Starts a server with the namespace `default` in it. */
export async function testServer(clock: VirtualClock = virtualClock(), seed = 1): Promise<TestServer> {
  const random = seededRandom(seed);
  const server = await createApiServer({
    clock,
    random,
    tokens: [],
    admission: { serviceAccount: false },
    authorization: 'AlwaysAllow',
  });
  const transport = inProcessTransport(server.as(loopbackUser));
  const client = createClient(transport, { clock, random });
  await client
    .of(Namespace)
    .create({ metadata: { name: 'default' } })
    .catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  return {
    server,
    clock,
    client,
    transport,
    async define(definition) {
      await client.of(CustomResourceDefinition).create(definition.crd());
      await clock.settle();
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
