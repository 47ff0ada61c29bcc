import type { Client, ClientOptions, ObservedRequest } from './client.ts';
import { impersonationHeaders } from './impersonation.ts';
import { makeResourceApi } from './make-resource-client.ts';
import { podsClient } from './pods/pods-client.ts';
import { createSender } from './sender.ts';
import { systemClock, systemRandom } from './system-clock.ts';
import type { Transport } from './transport.ts';

/** Makes a client over a transport: `createClient(httpTransport(await loadKubeConfig()))`. */
export function createClient(transport: Transport, options: ClientOptions = {}): Client {
  const { clock = systemClock, random = systemRandom, userAgent = 'reeve' } = options;
  const listeners = new Set<(observed: ObservedRequest) => void>();
  const onRequest = (observed: ObservedRequest): void => {
    for (const listener of listeners) listener(observed);
  };
  const headers = { 'user-agent': userAgent, ...impersonationHeaders(options.impersonate) };
  const sender = createSender({ transport, clock, random, headers, onRequest });
  const context = { sender, clock, random };
  return {
    transport,
    clock,
    random,
    of: (resource) => makeResourceApi(context, resource),
    pods: (namespace) => podsClient({ sender, transport, clock, headers, namespace }),
    raw: (method, path, call = {}) => sender.open({ ...call, method, path }),
    json: async <T>(path: string, call = {}) => (await sender.json({ ...call, method: 'GET', path })) as T,
    observe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => transport.close(),
  };
}
