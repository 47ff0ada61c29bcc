import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

import type { Clock, Random } from '@reeve/api';

import type { Backend, ServiceRoute } from './service-table.ts';

const connectTimeoutMs = 5000;

interface Listener {
  readonly server: Server;
  route: ServiceRoute;
  readonly affinity: Map<string, { readonly backend: Backend; readonly until: number }>;
}

/** Listens on the Services' addresses and carries each TCP connection to one of the endpoints. */
export class ServiceProxy {
  readonly #listeners = new Map<string, Listener>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onError: (message: string) => void;

  constructor(clock: Clock, random: Random, onError: (message: string) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#onError = onError;
  }

  /** Makes exactly these routes the current ones; open connections stay as they are. */
  update(routes: ReadonlyMap<string, ServiceRoute>): void {
    for (const [key, listener] of this.#listeners) {
      if (!routes.has(key)) {
        listener.server.close();
        this.#listeners.delete(key);
      }
    }
    for (const [key, route] of routes) {
      const listener = this.#listeners.get(key);
      if (listener === undefined) this.#listeners.set(key, this.#listen(key, route));
      else listener.route = route;
    }
  }

  #listen(key: string, route: ServiceRoute): Listener {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(listener, socket));
    const listener: Listener = { server, route, affinity: new Map() };
    server.on('error', (error) => {
      this.#onError(`cannot listen on the service address ${key}: ${error.message}`);
      this.#listeners.delete(key);
    });
    server.listen(route.port, route.address);
    return listener;
  }

  #accept(listener: Listener, client: Socket): void {
    const backend = this.#choose(listener, client.remoteAddress ?? '');
    const server = connect({ ...backend, allowHalfOpen: true, noDelay: true });
    const cancel = this.#clock.schedule(connectTimeoutMs, () => server.destroy());
    server.once('connect', cancel);
    joinSockets(client, server);
    client.once('close', cancel);
  }

  #choose({ route, affinity }: Listener, client: string): Backend {
    const now = this.#clock.now();
    const kept = affinity.get(client);
    const isThere = ({ host, port }: Backend): boolean =>
      route.backends.some((candidate) => candidate.host === host && candidate.port === port);
    const stays =
      route.affinitySeconds !== undefined && kept !== undefined && kept.until > now && isThere(kept.backend);
    const index = Math.floor(this.#random() * route.backends.length);
    const backend = stays ? kept.backend : (route.backends[index] ?? { host: '', port: 0 });
    if (route.affinitySeconds !== undefined) {
      affinity.set(client, { backend, until: now + route.affinitySeconds * 1000 });
    }
    return backend;
  }
}

/** Carries bytes both ways until both sides are done; when one breaks, so does the other. */
export function joinSockets(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  const breakBoth = (): void => {
    breakSocket(one);
    breakSocket(other);
  };
  one.on('error', breakBoth);
  other.on('error', breakBoth);
  one.once('close', () => other.destroySoon());
  other.once('close', () => one.destroySoon());
}

/** A reset tells a TCP peer that something broke; unix sockets (the API server's) know none. */
function breakSocket(socket: Socket): void {
  if (socket.remoteFamily === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
