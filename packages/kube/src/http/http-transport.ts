import type { WireRequest, WireResponse } from '@reeve/api';
import type { Dispatcher } from 'undici';
import type { Connection, Credential } from '../connection.ts';
import { impersonationHeaders } from '../impersonation.ts';
import { KubeError } from '../kube-error.ts';
import type { Transport } from '../transport.ts';
import { credentialHeaders } from './credential-headers.ts';
import { createDispatchers } from './dispatchers.ts';
import type { Dispatchers } from './dispatchers.ts';

const longLived = /[?&](watch|follow)=(true|1)(&|$)/;

/** Connection pools are per client certificate: a new certificate needs new connections. */
function poolFor(connection: Connection): { for(credential: Credential): Dispatchers; close(): Promise<void> } {
  let current: { readonly credential: Credential; readonly pools: Dispatchers } | undefined;
  const retire = ({ calls, streams }: Dispatchers): void => {
    // Running requests end first; closing cannot fail in a way that matters to anyone.
    Promise.all([calls.close(), streams.close()]).catch(() => undefined);
  };
  return {
    for(credential) {
      const { cert, key } = credential;
      if (current !== undefined && current.credential.cert === cert && current.credential.key === key) {
        return current.pools;
      }
      if (current !== undefined) retire(current.pools);
      current = { credential, pools: createDispatchers(connection, credential) };
      return current.pools;
    },
    async close() {
      await Promise.all([current?.pools.calls.destroy(), current?.pools.streams.destroy()]);
      current = undefined;
    },
  };
}

function parseServer(server: string): URL {
  if (!URL.canParse(server)) {
    throw new KubeError('ConfigInvalid', `${server} is not a server address: write it as https://host:port`);
  }
  return new URL(server);
}

/** Talks to an API server over HTTPS (or a unix socket) with pooled keep-alive connections. */
export function httpTransport(connection: Connection): Transport {
  const base = parseServer(connection.server);
  const prefix = base.pathname.replace(/\/$/, '');
  const pools = poolFor(connection);
  const current = (): Promise<Credential> => connection.credentials?.current() ?? Promise.resolve({});
  const identity = (credential: Credential): Record<string, string> => ({
    ...impersonationHeaders(connection.impersonate),
    ...credentialHeaders(connection, credential),
  });

  async function send(request: WireRequest): Promise<Dispatcher.ResponseData> {
    const credential = await current();
    const { calls, streams } = pools.for(credential);
    return (longLived.test(request.path) ? streams : calls).request({
      origin: base.origin,
      path: prefix + request.path,
      method: request.method as Dispatcher.HttpMethod,
      headers: { ...identity(credential), ...request.headers },
      body: request.body ?? null,
      signal: request.signal ?? null,
    });
  }

  async function request(wire: WireRequest): Promise<WireResponse> {
    let response = await send(wire);
    if (response.statusCode === 401 && connection.credentials !== undefined) {
      await response.body.dump();
      connection.credentials.renew();
      response = await send(wire);
    }
    return {
      status: response.statusCode,
      headers: Object.fromEntries(
        Object.entries(response.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      body: response.body,
    };
  }

  return {
    request,
    async stream(wire, protocols) {
      const credential = await current();
      // Few programs ever open one; the library is not loaded for the others.
      const { openWebSocket } = await import('./web-socket-stream.ts');
      const headers = { ...identity(credential), ...wire.headers };
      return openWebSocket({
        connection,
        credential,
        request: { ...wire, path: prefix + wire.path, headers },
        protocols,
      });
    },
    close: () => pools.close(),
  };
}
