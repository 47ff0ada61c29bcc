import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';

import type { MessageStream, PodAddress } from '@reeve/api';

import type { AgentAnswer, AgentRequest } from '../link/agent-request.ts';
import { framedStream } from '../link/framed-stream.ts';
import { messageOf, NodeError } from '../node-error.ts';
import type { AgentContext } from '../node/node-context.ts';
import type { VirtualNode } from '../node/virtual-node.ts';
import type { PodWorker } from '../pod/pod-worker.ts';
import { attachSession } from './attach-session.ts';
import { execSession } from './exec-session.ts';
import { openLog } from './open-log.ts';
import { forwardSession } from './forward-session.ts';

/** Finds a node by name. */
export type NodeLookup = (name: string) => VirtualNode | undefined;

/** What a request turns into: something that talks on the stream until it is done. Throws before it begins. */
type Session = (stream: MessageStream, incoming: AsyncIterator<Uint8Array>) => Promise<void>;

/** Serves the cluster process: logs, exec, attach, port-forward; one connection each. */
export async function startAgentServer(path: string, nodes: NodeLookup, context: AgentContext): Promise<void> {
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => void serve(socket, nodes, context));
  server.listen(path);
  await once(server, 'listening');
}

async function serve(socket: Socket, nodes: NodeLookup, context: AgentContext): Promise<void> {
  socket.on('error', () => socket.destroy());
  const stream = framedStream(socket);
  const incoming = stream.incoming[Symbol.asyncIterator]();
  const answer = (message: AgentAnswer): Promise<void> => stream.send(Buffer.from(JSON.stringify(message)));
  try {
    const first = await incoming.next();
    if (first.done === true) return;
    const session = openSession(
      JSON.parse(Buffer.from(first.value).toString()) as AgentRequest,
      nodes,
      context,
      socket,
    );
    const run = await session;
    await answer({ ok: true });
    await run(stream, incoming);
  } catch (error) {
    await answer({ ok: false, message: messageOf(error) }).catch(() => undefined);
  } finally {
    socket.end();
  }
}

async function openSession(
  request: AgentRequest,
  nodes: NodeLookup,
  context: AgentContext,
  socket: Socket,
): Promise<Session> {
  switch (request.type) {
    case 'logs': {
      const worker = workerOf(request.container, nodes);
      return openLog(worker, request.container.container, request.options, socket);
    }
    case 'exec': {
      const run = runningOf(workerOf(request.container, nodes), request.container.container);
      return (stream, incoming) => execSession(run.container, request.options, stream, incoming);
    }
    case 'attach': {
      const { options } = request;
      const { container, stdinOnce } = runningOf(workerOf(request.container, nodes), request.container.container);
      return (stream, incoming) => attachSession(container, { options, stdinOnce }, stream, incoming);
    }
    case 'portForward':
      return forwardSession(workerOf(request.pod, nodes), request.port, context.clock);
  }
}

function workerOf({ node: nodeName, uid, pod, namespace }: PodAddress, nodes: NodeLookup): PodWorker {
  const node = nodes(nodeName);
  if (node === undefined || !node.isOn) throw new NodeError('NotFound', `the node ${nodeName} is not running`);
  const worker = node.worker(uid);
  if (worker === undefined)
    throw new NodeError('NotFound', `the pod ${namespace}/${pod} is not on the node ${nodeName}`);
  return worker;
}

function runningOf(worker: PodWorker, name: string): NonNullable<ReturnType<PodWorker['runs']['get']>> {
  const run = worker.runs.get(name);
  if (run?.container.pid === undefined) {
    throw new NodeError('NotFound', `the container ${name} of pod ${worker.pod.metadata.name} is not running`);
  }
  return run;
}
