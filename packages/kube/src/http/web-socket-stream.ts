import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTLS } from 'node:tls';
import type { MessageStream, WireRequest } from '@reeve/api';
import { WebSocket, createWebSocketStream } from 'ws';
import type { ClientOptions } from 'ws';
import { statusFrom } from '../answer-error.ts';
import { ApiError } from '../api-error.ts';
import type { Connection, Credential } from '../connection.ts';
import { KubeError } from '../kube-error.ts';
import { tlsOptions } from './tls.ts';
import type { TLSSettings } from './tls.ts';

export interface WebSocketOptions {
  readonly connection: Connection;
  readonly credential: Credential;
  readonly request: WireRequest;
  readonly protocols: readonly string[];
}

function address({ server }: Connection, path: string): string {
  const { protocol, host } = new URL(server);
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${path}`;
}

/** Reaches the server through a unix socket, with TLS inside it as on the network. */
function socketDialer({ server, socketPath, serverName }: Connection, settings: TLSSettings): Partial<ClientOptions> {
  if (socketPath === undefined) return {};
  const { protocol, hostname } = new URL(server);
  const servername = serverName ?? (isIP(hostname) === 0 ? hostname : '');
  const dial = (): Socket =>
    protocol === 'https:'
      ? connectTLS({ path: socketPath, host: hostname, servername, ...settings })
      : connect({ path: socketPath });
  return { createConnection: dial as NonNullable<ClientOptions['createConnection']> };
}

/** The server's refusal of an upgrade, as an error. */
async function refusal(response: IncomingMessage, path: string): Promise<ApiError> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const status = statusFrom(response.statusCode ?? 0, Buffer.concat(chunks).toString());
  return new ApiError(status, { request: `GET ${path}` });
}

function opened(socket: WebSocket, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      refusal(response, path).then(reject, reject);
    });
    socket.once('error', (cause) => {
      reject(new KubeError('ConnectionFailed', `GET ${path} got no conversation: ${cause.message}`, { cause }));
    });
  });
}

/** Whole messages from now on; the socket is paused while the reader is busy. */
function messages(socket: WebSocket): AsyncIterable<Uint8Array> {
  const duplex = createWebSocketStream(socket, { readableObjectMode: true });
  // Reading rethrows it; nobody may be reading yet.
  duplex.on('error', () => undefined);
  return duplex;
}

/** Opens a web socket to the API server (KEP-4006: exec and friends over WebSockets). */
export async function openWebSocket(options: WebSocketOptions): Promise<MessageStream> {
  const { connection, credential, request, protocols } = options;
  const settings = tlsOptions(connection, credential);
  const socket = new WebSocket(address(connection, request.path), [...protocols], {
    headers: request.headers,
    perMessageDeflate: false,
    ...settings,
    ...socketDialer(connection, settings),
  });
  const abort = (): void => socket.terminate();
  request.signal?.addEventListener('abort', abort, { once: true });
  socket.once('close', () => request.signal?.removeEventListener('abort', abort));
  const incoming = messages(socket);
  await opened(socket, request.path);
  return {
    incoming,
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.send(message, { binary: true }, (error) =>
          error === undefined || error === null ? resolve() : reject(error),
        );
      }),
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  };
}
