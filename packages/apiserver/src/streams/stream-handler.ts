import type { Duplex } from 'node:stream';
import type { ExecOptions, MessageStream } from '@reeve/api';
import type { Authorize, Core, StreamHandler } from '../parts.ts';
import type { RequestContext } from '../pipeline/context.ts';
import { attributesOf, denied } from '../access/attributes.ts';
import { badRequest } from '../status-error.ts';
import { readExecOptions } from './exec-options.ts';
import { execSpdySession, spdyExecProtocol } from './exec-spdy.ts';
import { channelProtocols, joinWebSocket } from './exec-web-socket.ts';
import { asStatus, connectorOf } from './log.ts';
import { assignedAddress, containerAddress, podOf } from './pod-target.ts';
import { portForwardSession, type OpenPort } from './port-forward-session.ts';
import { acceptSpdy, offeredStreamProtocols, serveSocket, writeSocket } from './spdy-socket.ts';
import { acceptWebSocket, eachMessage, offeredProtocols, sendMessage } from './web-socket.ts';

/** SPDY frames inside web socket messages (KEP-4006). */
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
const portForwardProtocol = 'portforward.k8s.io';

/** A connection that asks to become something else. */
interface Upgrade {
  readonly context: RequestContext;
  readonly socket: Duplex;
  readonly head: Uint8Array;
  readonly spdy: boolean;
}

/** Serves exec, attach and port-forward of pods over web sockets, and over SPDY for older clients. */
export function streamHandler(core: Core, authorize: Authorize): StreamHandler {
  return async (context, socket, head) => {
    const { info, request } = context;
    const kind = info.resource === 'pods' && info.group === '' ? info.subresource : '';
    if (kind !== 'exec' && kind !== 'attach' && kind !== 'portforward') {
      throw badRequest('this path does not take upgrades');
    }
    requireCreate(authorize, context);
    const asked = request.headers['upgrade']?.toLowerCase();
    if (asked !== 'websocket' && asked !== 'spdy/3.1') throw badRequest('only websocket and SPDY/3.1 are served');
    const upgrade = { context, socket, head, spdy: asked === 'spdy/3.1' };
    await (kind === 'portforward' ? openPorts(core, upgrade) : openContainer(core, upgrade, kind));
  };
}

/** Opening a connection into a pod needs the right to create it, whatever the method. */
export function requireCreate(authorize: Authorize, { user, info }: RequestContext): void {
  const asked = { ...info, verb: 'create' };
  const { allowed, reason } = authorize(user, asked);
  if (!allowed) throw denied(user, attributesOf(asked), reason);
}

function choose(offered: readonly string[], served: readonly string[]): string {
  const chosen = offered.find((protocol) => served.includes(protocol));
  if (chosen !== undefined) return chosen;
  throw badRequest(`none of the protocols asked for is served; served are ${served.join(', ')}`);
}

async function openContainer(core: Core, upgrade: Upgrade, kind: 'exec' | 'attach'): Promise<void> {
  const { context, socket, head, spdy } = upgrade;
  const container = containerAddress(core, context.info);
  const options = readExecOptions(context.info.query, kind);
  const protocol = spdy
    ? choose(offeredStreamProtocols(context.request), [spdyExecProtocol])
    : choose(offeredProtocols(context.request), channelProtocols);
  const stream = await connectorOf(core)
    [kind](container, options)
    .catch((error: unknown): MessageStream => {
      throw asStatus(error);
    });
  if (spdy) serveExecSpdy(upgrade, protocol, options, stream);
  else joinWebSocket(await acceptWebSocket(context.request, socket, head, protocol), stream);
}

function serveExecSpdy({ socket, head }: Upgrade, protocol: string, options: ExecOptions, stream: MessageStream): void {
  acceptSpdy(socket, protocol);
  const session = execSpdySession(
    (bytes) => writeSocket(socket, bytes),
    options,
    stream,
    () => socket.end(),
  );
  void serveSocket(socket, head, session).finally(() => stream.close());
}

async function openPorts(core: Core, { context, socket, head, spdy }: Upgrade): Promise<void> {
  const address = assignedAddress(core, podOf(core, context.info));
  const connector = connectorOf(core);
  const openPort: OpenPort = (port) => connector.portForward(address, port);
  if (spdy) {
    acceptSpdy(socket, choose(offeredStreamProtocols(context.request), [portForwardProtocol]));
    void serveSocket(
      socket,
      head,
      portForwardSession((bytes) => writeSocket(socket, bytes), openPort),
    );
    return;
  }
  const protocol = choose(offeredProtocols(context.request), [tunnelProtocol]);
  const client = await acceptWebSocket(context.request, socket, head, protocol);
  const session = portForwardSession((bytes) => sendMessage(client, bytes), openPort);
  eachMessage(
    client,
    (bytes) => session.receive(bytes),
    () => session.close(),
  );
}
