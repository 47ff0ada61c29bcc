import { connect } from 'node:net';
import type { Socket } from 'node:net';

import type { LogOptions, MessageStream, NodeConnector, NodeContainer } from '@reeve/api';

import type { AgentAnswer, AgentRequest } from '../link/agent-request.ts';
import { framedStream } from '../link/framed-stream.ts';
import { NodeError } from '../node-error.ts';

/** The way from the API server to the agent: one connection to the agent's unix socket for each conversation. */
export function agentConnector(socketPath: string): NodeConnector {
  return {
    logs: (container, options) => readLogs(socketPath, container, options),
    exec: (container, options) => converse(socketPath, { type: 'exec', container, options }),
    attach: (container, options) => converse(socketPath, { type: 'attach', container, options }),
    portForward: (pod, port) => converse(socketPath, { type: 'portForward', pod, port }),
  };
}

async function* readLogs(
  socketPath: string,
  container: NodeContainer,
  { signal, ...options }: LogOptions,
): AsyncIterable<Uint8Array> {
  const stream = await converse(socketPath, { type: 'logs', container, options }, signal);
  try {
    yield* stream.incoming;
  } finally {
    await stream.close();
  }
}

async function converse(socketPath: string, request: AgentRequest, signal?: AbortSignal): Promise<MessageStream> {
  const socket = await dial(socketPath);
  signal?.addEventListener('abort', () => socket.destroy(), { once: true });
  const stream = framedStream(socket);
  await stream.send(Buffer.from(JSON.stringify(request)));
  const incoming = stream.incoming[Symbol.asyncIterator]();
  const first = await incoming.next();
  if (first.done === true) throw new NodeError('HostStopped', 'the node closed the connection before it answered');
  const answer = JSON.parse(Buffer.from(first.value).toString()) as AgentAnswer;
  if (!answer.ok) {
    socket.destroy();
    throw new NodeError('NotFound', answer.message);
  }
  return { ...stream, incoming: { [Symbol.asyncIterator]: () => incoming } };
}

function dial(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    socket.once('connect', () => {
      socket.off('error', fail);
      // Later errors end the conversation; whoever reads it sees that.
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    const fail = (cause: Error): void => {
      reject(new NodeError('HostStopped', 'the node host does not answer; is the cluster running?', { cause }));
    };
    socket.once('error', fail);
  });
}
