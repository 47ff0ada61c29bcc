import { flushCompileCache } from 'node:module';

import { JsonRpc } from '../link/json-rpc.ts';
import type { AgentConfig } from '../link/agent-config.ts';
import { Agent } from './agent.ts';

/**
 * The program inside the sandbox. It is told what to do over stdin and answers over stdout; when stdin closes, the
 * cluster process is gone and everything ends.
 */
let agent: Agent | undefined;

const rpc: JsonRpc = new JsonRpc(process.stdin, process.stdout, {
  start: async (params) => {
    agent = await Agent.start(params as AgentConfig, rpc);
    flushCompileCache();
    return null;
  },
  stopNode: (params) => agent?.stopNode((params as { readonly name: string }).name),
  startNode: (params) => agent?.startNode((params as { readonly name: string }).name),
  stop: () => agent?.shutDown(),
});

// A mistake in one pod's affairs must not end all the others, which live and die with this process.
for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(kind, (error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    rpc.notify('log', { level: 'error', message: `unexpected: ${message}` });
  });
}

await rpc.closed;
// PID 1 of the sandbox ends with this process, and the kernel then ends whatever is left in it.
process.exit(0);
