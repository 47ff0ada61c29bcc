import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createTLSServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Pipeline } from '../pipeline/handler.ts';
import { serveRequest, wireHead } from './exchange.ts';
import { writeRawResponse } from './raw-response.ts';
import { refuseMalformed } from './malformed-request.ts';

/** Where to listen: TLS on a TCP port or, for connections relayed from pods, on a unix socket. */
export type ListenOptions = TLSOptions &
  ({ readonly host: string; readonly port: number } | { readonly socketPath: string });

interface TLSOptions {
  readonly cert: string;
  readonly key: string;
  readonly clientCA?: string;
}

/** A front that listens. */
export interface Front {
  /** `https://127.0.0.1:6443`, or `unix:/path`. */
  readonly address: string;
  readonly port: number;
  /** Ends connections, watches included. */
  close(): Promise<void>;
}

/** Serves a pipeline over HTTP/1.1. Throws what listening throws, such as EADDRINUSE. */
export async function listen(pipeline: Pipeline, options: ListenOptions): Promise<Front> {
  const listener: RequestListener = (request, response) => void serveRequest(pipeline.handler, request, response);
  const server = makeServer(options, listener);
  // Watches are long and silent: no limits on them, only on requests that never finish.
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 90_000;
  server.timeout = 0;
  const sockets = new Set<Duplex>();
  server.on('clientError', refuseMalformed);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    void serveUpgrade(pipeline, request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if ('socketPath' in options) server.listen(options.socketPath, resolve);
    else server.listen(options.port, options.host, resolve);
  });
  const port = 'socketPath' in options ? 0 : (server.address() as AddressInfo).port;
  return {
    address: 'socketPath' in options ? `unix:${options.socketPath}` : `https://${hostText(options.host)}:${port}`,
    port,
    close: () => closeServer(server, sockets),
  };
}

function makeServer({ cert, key, clientCA }: TLSOptions, listener: RequestListener): Server {
  const client = clientCA === undefined ? {} : { ca: clientCA, requestCert: true, rejectUnauthorized: false };
  return createTLSServer({ cert, key, minVersion: 'TLSv1.2', ...client }, listener);
}

async function serveUpgrade(pipeline: Pipeline, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const response = await pipeline.upgrade(wireHead(request), socket, head);
  if (response !== undefined) await writeRawResponse(socket, response);
}

function hostText(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function closeServer(server: Server, sockets: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  });
}
