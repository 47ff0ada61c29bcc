import type { Duplex } from 'node:stream';
import type { MessageStream } from '@reeve/api';
import type { Authorize, Core, StreamHandler } from '../parts.ts';
import { refusal } from '../pipeline/refusal.ts';
import type { RequestContext } from '../pipeline/context.ts';
import { badRequest } from '../status-error.ts';
import { readExecOptions } from './exec-options.ts';
import { channelProtocols, joinWebSocket } from './exec-web-socket.ts';
import { asStatus, connectorOf } from './log.ts';
import { assignedAddress, containerAddress, podOf } from './pod-target.ts';
import { portForwardSession } from './port-forward-session.ts';
import { acceptWebSocket, eachMessage, offeredProtocols, sendMessage } from './web-socket.ts';

/** SPDY frames inside web socket messages (KEP-4006). */
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

/** Serves exec, attach and port-forward of pods over web sockets. */
export function streamHandler(core: Core, authorize: Authorize): StreamHandler {
  return async (context, socket, head) => {
    const { info } = context;
    const kind = info.resource === 'pods' && info.group === '' ? info.subresource : '';
    if (kind !== 'exec' && kind !== 'attach' && kind !== 'portforward') {
      throw badRequest('this path does not take upgrades');
    }
    requireCreate(authorize, context);
    if (context.request.headers['upgrade']?.toLowerCase() !== 'websocket') {
      throw badRequest(
        'only web sockets are served here: use a client that speaks v5.channel.k8s.io or its port-forward tunnel',
      );
    }
    await (kind === 'portforward'
      ? openTunnel(core, context, socket, head)
      : openChannels(core, context, kind, socket, head));
  };
}

/** Opening a connection into a pod needs the right to create it, whatever the method. */
export function requireCreate(authorize: Authorize, { user, info }: RequestContext): void {
  const asked = { ...info, verb: 'create' };
  const { allowed, reason } = authorize(user, asked);
  if (!allowed) throw refusal(user, asked, reason);
}

function chooseProtocol(context: RequestContext, served: readonly string[]): string {
  const chosen = offeredProtocols(context.request).find((protocol) => served.includes(protocol));
  if (chosen !== undefined) return chosen;
  throw badRequest(`none of the web socket protocols asked for is served; served are ${served.join(', ')}`);
}

async function openChannels(
  core: Core,
  context: RequestContext,
  kind: 'exec' | 'attach',
  socket: Duplex,
  head: Uint8Array,
): Promise<void> {
  const container = containerAddress(core, context.info);
  const options = readExecOptions(context.info.query, kind);
  const protocol = chooseProtocol(context, channelProtocols);
  const stream = await connectorOf(core)
    [kind](container, options)
    .catch((error: unknown): MessageStream => {
      throw asStatus(error);
    });
  joinWebSocket(await acceptWebSocket(context.request, socket, head, protocol), stream);
}

async function openTunnel(core: Core, context: RequestContext, socket: Duplex, head: Uint8Array): Promise<void> {
  const address = assignedAddress(core, podOf(core, context.info));
  const connector = connectorOf(core);
  const protocol = chooseProtocol(context, [tunnelProtocol]);
  const client = await acceptWebSocket(context.request, socket, head, protocol);
  const session = portForwardSession(
    (bytes) => sendMessage(client, bytes),
    (port) => connector.portForward(address, port),
  );
  eachMessage(
    client,
    (bytes) => session.receive(bytes),
    () => session.close(),
  );
}
