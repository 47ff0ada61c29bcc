import { resourcePath } from '@reeve/api';
import type { Clock } from '@reeve/api';
import { Pod } from '@reeve/api/core/v1';
import { KubeError } from '../kube-error.ts';
import { queryText } from '../query.ts';
import type { Sender } from '../sender.ts';
import type { Transport } from '../transport.ts';
import { execSession } from './exec-session.ts';
import type { EvictOptions, ExecSession, PodExecOptions, PodLogOptions, PodsClient } from './pods-types.ts';

/** What the pods client needs. */
export interface PodsContext {
  readonly sender: Sender;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
  readonly namespace: string;
}

const execProtocols = ['v5.channel.k8s.io'];

function subresource(context: PodsContext, name: string, part: string): string {
  return resourcePath(Pod, { namespace: context.namespace, name, subresource: part });
}

async function openLog(context: PodsContext, name: string, options: PodLogOptions): Promise<AsyncIterable<Uint8Array>> {
  const { signal, ...query } = options;
  const path = subresource(context, name, 'log') + queryText({ ...query });
  const response = await context.sender.open({ method: 'GET', path, accept: 'text/plain, application/json', signal });
  return response.body;
}

async function openExec(context: PodsContext, name: string, options: PodExecOptions): Promise<ExecSession> {
  const { transport, headers } = context;
  if (transport.stream === undefined) {
    throw new KubeError('Unsupported', 'this transport cannot exec: give it a stream function');
  }
  const { stdin = false, tty = false, container, command, signal } = options;
  const query = queryText({ container, stdin, stdout: true, stderr: !tty, tty });
  const arguments_ = command.map((argument) => `&command=${encodeURIComponent(argument)}`).join('');
  const path = subresource(context, name, 'exec') + query + arguments_;
  const request = { method: 'GET', path, headers, ...(signal === undefined ? {} : { signal }) };
  return execSession(await transport.stream(request, execProtocols));
}

async function evict(context: PodsContext, name: string, options: EvictOptions): Promise<void> {
  const { signal, timeoutMs, dryRun, ...deleteOptions } = options;
  await context.sender.fetch({
    method: 'POST',
    path: subresource(context, name, 'eviction'),
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace: context.namespace },
      deleteOptions: { ...deleteOptions, dryRun: dryRun === true ? ['All'] : undefined },
    },
    signal,
    timeoutMs,
  });
}

/** Makes the client of what only pods can do. */
export function podsClient(context: PodsContext): PodsClient {
  const exec: PodsClient['exec'] = (name, options) => openExec(context, name, options);
  return {
    log: (name, options = {}) => openLog(context, name, options),
    exec,
    async run(name, { input, ...options }) {
      const session = await exec(name, { ...options, stdin: input !== undefined });
      if (input !== undefined) {
        await session.write(input);
        await session.closeStdin();
      }
      const printed = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
      for await (const { channel, data } of session.output) printed[channel].push(data);
      const stdout = Buffer.concat(printed.stdout).toString();
      return { ...(await session.exit), stdout, stderr: Buffer.concat(printed.stderr).toString() };
    },
    evict: (name, options = {}) => evict(context, name, options),
  };
}
