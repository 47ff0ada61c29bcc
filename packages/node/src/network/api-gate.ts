import { connect, createServer } from 'node:net';

import { joinSockets } from './service-proxy.ts';

/** The Service `kubernetes`: connections to its address go to the API server's unix socket. */
export function startApiGate(address: string, apiSocket: string): Promise<void> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    joinSockets(client, connect({ path: apiSocket, allowHalfOpen: true }));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(443, address, resolve);
  });
}
