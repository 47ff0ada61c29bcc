import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from '../operator-error.ts';

/** An answer in text. */
export interface TextAnswer {
  readonly status: number;
  readonly type?: string;
  readonly text: string;
}

export type Endpoints = Readonly<Record<string, () => Promise<TextAnswer>>>;

/** A running server. */
export interface EndpointServer {
  readonly port: number;
  close(): Promise<void>;
}

async function answer(endpoints: Endpoints, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
  const {
    status,
    type = 'text/plain; charset=utf-8',
    text,
  } = (await endpoint?.()) ?? { status: 404, text: 'not found\n' };
  response.writeHead(status, { 'content-type': type }).end(text);
}

/** Serves a few GET paths over plain HTTP: metrics and probes. */
export function serveEndpoints(port: number, host: string | undefined, endpoints: Endpoints): Promise<EndpointServer> {
  const server = createServer((request, response) => {
    answer(endpoints, request, response).catch((error: unknown) => {
      response.writeHead(500).end(`${String(error)}\n`);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new OperatorError('PortUnavailable', `port ${port} cannot be served: ${cause.message}`, { cause }));
    });
    server.listen(port, host, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
