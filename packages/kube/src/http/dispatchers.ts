import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';
import type { Connection, Credential } from '../connection.ts';
import { KubeError } from '../kube-error.ts';
import { tlsOptions } from './tls.ts';

/** Connection pools: watches and logs have their own, so that they never hold up a write. */
export interface Dispatchers {
  readonly calls: Dispatcher;
  readonly streams: Dispatcher;
}

const shared = {
  pipelining: 1,
  keepAliveTimeout: 60_000,
  // The sender's deadline and the watch's idle guard rule; undici's own timers would cut off quiet watches.
  headersTimeout: 0,
  bodyTimeout: 0,
};
const maxCallConnections = 64;
const keepAliveInitialDelay = 30_000;

function direct(connection: Connection, credential: Credential, connections: number | null): Dispatcher {
  const connect = {
    ...tlsOptions(connection, credential),
    keepAlive: true,
    keepAliveInitialDelay,
    timeout: 10_000,
    ...(connection.socketPath === undefined ? {} : { socketPath: connection.socketPath }),
  };
  return new Agent({ ...shared, connections, connect });
}

function proxied(uri: string, connection: Connection, credential: Credential, connections: number | null): Dispatcher {
  const { protocol } = new URL(uri);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new KubeError('Unsupported', `proxy ${uri}: only http:// and https:// proxies are supported`);
  }
  return new ProxyAgent({ ...shared, uri, requestTls: tlsOptions(connection, credential), connections });
}

/** Makes the pools for one connection and credential. */
export function createDispatchers(connection: Connection, credential: Credential): Dispatchers {
  const make = (connections: number | null): Dispatcher =>
    connection.proxy === undefined
      ? direct(connection, credential, connections)
      : proxied(connection.proxy, connection, credential, connections);
  return { calls: make(maxCallConnections), streams: make(null) };
}
