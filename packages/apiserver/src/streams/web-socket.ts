import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WireRequest } from '@reeve/api';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';

const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false });

/** Protocols that a client offers, in its order of preference. */
export function offeredProtocols({ headers }: WireRequest): readonly string[] {
  const list = (headers['sec-websocket-protocol'] ?? '').split(',');
  return list.map((item) => item.trim()).filter((item) => item !== '');
}

/**
 * Answers the handshake. The library takes no protocol names with a slash (RFC 6455 allows tokens only), but
 * Kubernetes uses one, so the header is kept from it and answered here.
 */
export function acceptWebSocket(
  request: WireRequest,
  socket: Duplex,
  head: Uint8Array,
  protocol: string,
): Promise<WebSocket> {
  const { 'sec-websocket-protocol': _protocol, ...headers } = request.headers;
  const message = new IncomingMessage(socket as Socket);
  Object.assign(message, { method: request.method, url: request.path, headers });
  return new Promise((resolve, reject) => {
    const answer = (lines: string[], answered: IncomingMessage): void => {
      if (answered !== message) return;
      lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
      server.off('headers', answer);
    };
    server.on('headers', answer);
    socket.once('close', () => {
      server.off('headers', answer);
      reject(new TypeError('the connection closed during the handshake'));
    });
    server.handleUpgrade(message, socket, Buffer.from(head), resolve);
  });
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** Sends one binary message; resolves once it is on its way, or the socket is gone. */
export function sendMessage(socket: WebSocket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else socket.send(bytes, { binary: true }, () => resolve());
  });
}

/** Hands each message on before it reads the next one; then calls `ended`, once. */
export function eachMessage(socket: WebSocket, take: (bytes: Uint8Array) => Promise<void>, ended: () => void): void {
  let queue: Promise<void> = Promise.resolve();
  socket.on('message', (data: RawData) => {
    socket.pause();
    queue = queue
      .then(() => take(bytesOf(data)))
      .catch(() => socket.terminate())
      .then(() => {
        if (socket.readyState !== socket.CLOSED) socket.resume();
      });
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', ended);
}
