import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Core, SubresourceHandler } from '../parts.ts';
import type { Answer } from '../pipeline/answer.ts';
import type { RequestContext } from '../pipeline/context.ts';
import { methodNotAllowed, notFound, statusError } from '../status-error.ts';
import { connectorOf } from './log.ts';
import { messageDuplex } from './message-duplex.ts';
import { podTarget, serviceTarget, type ProxyTarget } from './proxy-target.ts';

/** Meant for one hop (RFC 9110 §7.6.1), or for this server alone. */
const ownHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'authorization',
  'host',
  'content-length',
]);

/** `proxy` of pods and services: plain HTTP into the pod's network. */
export function proxyHandler(core: Core, target: 'pod' | 'service'): SubresourceHandler {
  return async (context, _resource, { verbs }) => {
    if (!verbs.includes(context.info.verb)) throw methodNotAllowed();
    return forward(core, context, target === 'pod' ? podTarget(core, context.info) : serviceTarget(core, context.info));
  };
}

/** Nodes here are part of the cluster's own processes and listen nowhere. */
export function nodeProxyHandler({ operations, registry }: Core): SubresourceHandler {
  return async ({ info }) => {
    const name = info.name.split(':')[0] ?? '';
    const nodes = registry.find('', 'v1', 'nodes');
    if (nodes === undefined || operations.find(nodes, '', name) === undefined) {
      throw notFound({ group: '', plural: 'nodes' }, name);
    }
    throw statusError(501, '', `node ${JSON.stringify(name)} has no port of its own to proxy to`);
  };
}

async function forward(core: Core, context: RequestContext, { pod, port }: ProxyTarget): Promise<Answer> {
  const { request, info } = context;
  const stream = await connectorOf(core)
    .portForward(pod, port)
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw statusError(503, 'ServiceUnavailable', `error trying to reach service: ${reason}`);
    });
  const query = request.path.includes('?') ? request.path.slice(request.path.indexOf('?')) : '';
  const outgoing = httpRequest({
    method: request.method,
    path: `/${info.rest.map(encodeURIComponent).join('/')}${query}`,
    headers: { ...kept(request.headers), host: `${pod.pod}:${port}` },
    createConnection: () => messageDuplex(stream),
  });
  outgoing.end(request.body);
  try {
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const headers = kept(
      Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value ?? '')])),
    );
    return { type: 'raw', response: { status: answer.statusCode ?? 502, headers, body: answer } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw statusError(503, 'ServiceUnavailable', `error trying to reach service: ${reason}`);
  }
}

function kept(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ownHeaders.has(name) && !name.startsWith('x-reeve-')),
  );
}
