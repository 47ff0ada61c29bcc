import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ClusterError } from './cluster-error.ts';

/** What another process may ask of a running cluster. */
export interface ControlActions {
  stop(): Promise<void>;
  stopNode(name: string): Promise<void>;
  startNode(name: string): Promise<void>;
}

/** Serves the actions on a unix socket that only the user can open: `POST /stop`, `POST /nodes/NAME/stop`. */
export async function serveControl(socketPath: string, actions: ControlActions): Promise<Server> {
  await rm(socketPath, { force: true });
  const server = createServer((req, res) => {
    run(req.url ?? '', actions).then(
      () => res.writeHead(200).end(),
      (error: unknown) => res.writeHead(400).end((error as Error).message),
    );
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return server;
}

async function run(path: string, actions: ControlActions): Promise<void> {
  if (path === '/stop') return actions.stop();
  const [, name, verb] = /^\/nodes\/([^/]+)\/(start|stop)$/.exec(path) ?? [];
  if (name === undefined) throw new ClusterError('CONTROL_FAILED', `There is no action ${path}.`);
  return verb === 'stop' ? actions.stopNode(name) : actions.startNode(name);
}

/** Asks a running cluster; throws what it answers when it refuses. */
export async function askControl(socketPath: string, path: string): Promise<void> {
  const req = request({ socketPath, path, method: 'POST' });
  req.end();
  const [res] = (await once(req, 'response').catch((cause: unknown) => {
    throw new ClusterError('CONTROL_FAILED', 'The cluster does not answer on its control socket.', { cause });
  })) as [import('node:http').IncomingMessage];
  const answer = await text(res);
  if (res.statusCode !== 200) throw new ClusterError('CONTROL_FAILED', answer);
}
