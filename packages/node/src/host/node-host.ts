import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Clock, NodeConnector } from '@reeve/api';

import type { AgentConfig } from '../link/agent-config.ts';
import { JsonRpc } from '../link/json-rpc.ts';
import { messageOf, NodeError } from '../node-error.ts';
import { agentConnector } from './agent-connector.ts';
import type { NodeHostOptions, NodeLogLine } from './node-host-options.ts';
import { sandboxSupport } from './sandbox-check.ts';
import { sandboxCommand, sandboxInit, sandboxPath } from './sandbox-command.ts';

/** The API server must have answered the agent by then. */
const startTimeoutMs = 30_000;
/** Pods get this long to end by themselves when the cluster stops; the sandbox's end kills what is left. */
const stopTimeoutMs = 10_000;
/** sun_path holds 108 bytes (unix(7)). */
const maxSocketPath = 104;

/** What is known before there are credentials. */
type SandboxConfig = Omit<AgentConfig, 'credentials'>;

/** The running node agents of a cluster. */
export interface NodeHost {
  /** For the API server: logs, exec, attach and port-forward. */
  readonly connector: NodeConnector;
  /** Cuts a node's power: everything on it dies at once and nothing more is written in its name. */
  stopNode(name: string): Promise<void>;
  /** Boots a stopped node: its pods start again in place, on the same volumes. */
  startNode(name: string): Promise<void>;
  /** Ends every pod and the sandbox. Nothing of it is left when this resolves. */
  stop(): Promise<void>;
  /** Resolves when the node host has ended, by `stop` or otherwise. */
  readonly exited: Promise<void>;
}

/** Starts the node agents in a sandbox of their own. Throws `SandboxUnavailable` where the machine cannot run pods. */
export async function startNodeHost(options: NodeHostOptions): Promise<NodeHost> {
  const support = sandboxSupport();
  if (!support.usable) throw new NodeError('SandboxUnavailable', support.reason);
  const config = sandboxConfig(options, support.userNamespace);
  for (const directory of [config.dataDir, dirname(config.apiSocket)]) mkdirSync(directory, { recursive: true });
  const child = spawnSandbox(config);
  const exited = new Promise<void>((done) => child.once('close', () => done()));
  const log = options.log ?? ((): void => undefined);
  const errors = collectErrors(child, log);
  const rpc = connectAgent(child, options, (line) => {
    if (line.level === 'warn' || line.level === 'error') errors.note(line.message);
    log(line);
  });
  try {
    await startAgent(child, rpc, config, options);
  } catch (cause) {
    child.kill('SIGKILL');
    await exited;
    throw new NodeError('HostStopped', `the nodes did not start: ${errors.text() || messageOf(cause)}`, { cause });
  }
  return {
    connector: agentConnector(config.agentSocket),
    stopNode: async (name) => void (await rpc.call('stopNode', { name })),
    startNode: async (name) => void (await rpc.call('startNode', { name })),
    stop: () => stopSandbox(child, rpc, exited, options.clock),
    exited,
  };
}

async function startAgent(
  child: ChildProcess,
  rpc: JsonRpc,
  config: SandboxConfig,
  options: NodeHostOptions,
): Promise<void> {
  const credentials = await Promise.race([options.credentials, rpc.closed]);
  if (credentials === undefined) throw new NodeError('HostStopped', 'the sandbox ended at once');
  const cancel = options.clock.schedule(startTimeoutMs, () => child.kill('SIGKILL'));
  const agentConfig: AgentConfig = { ...config, credentials };
  await rpc.call('start', agentConfig).finally(cancel);
}

function sandboxConfig(options: NodeHostOptions, userNamespace: boolean): SandboxConfig {
  const dataDir = resolve(options.dataDir);
  return {
    dataDir,
    apiSocket: resolve(options.apiSocket),
    apiServerName: options.apiServerName ?? 'kubernetes.default.svc',
    agentSocket: agentSocketPath(dataDir),
    nodes: options.nodes,
    userNamespace,
    clusterDomain: options.clusterDomain ?? 'cluster.local',
    serviceCIDR: options.serviceCIDR ?? '10.96.0.0/16',
    podCIDR: options.podCIDR ?? '10.244.0.0/16',
  };
}

function agentSocketPath(dataDir: string): string {
  const path = join(dataDir, 'node.sock');
  if (path.length <= maxSocketPath) return path;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `reeve-node-${name}.sock`);
}

function spawnSandbox({ dataDir, apiSocket, userNamespace }: SandboxConfig): ChildProcess {
  const main = fileURLToPath(new URL(`../agent/main${extname(import.meta.url)}`, import.meta.url));
  const fromSource = main.endsWith('.ts');
  const flags = ['--max-semi-space-size=4', ...(fromSource ? ['--conditions=@reeve/source'] : [])];
  const agent = [process.execPath, ...flags, main];
  const init = ['sh', '-c', sandboxInit, 'reeve-init', dataDir, dirname(apiSocket), ...agent];
  const [file = '', ...args] = sandboxCommand(init, { userNamespace });
  return spawn(file, args, {
    env: {
      PATH: sandboxPath(process.env['PATH'] ?? ''),
      HOME: dataDir,
      LANG: 'C.UTF-8',
      // Spares the agent the compiler for types: half its start and a quarter of its memory.
      NODE_COMPILE_CACHE: getCompileCacheDir() ?? join(dataDir, 'compiled'),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A terminal's Ctrl-C is for the cluster process, which then stops the sandbox in order.
    detached: true,
  });
}

function connectAgent(child: ChildProcess, options: NodeHostOptions, log: (line: NodeLogLine) => void): JsonRpc {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new NodeError('HostStopped', 'the node host has no pipes');
  return new JsonRpc(stdout, stdin, {
    pull: (params) => options.images.pull((params as { readonly reference: string }).reference),
    log: (params) => {
      log(params as NodeLogLine);
      return null;
    },
  });
}

interface RecentErrors {
  note(message: string): void;
  text(): string;
}

function collectErrors(child: ChildProcess, log: (line: NodeLogLine) => void): RecentErrors {
  const recent: string[] = [];
  const note = (message: string): void => {
    if (recent.at(-1) !== message) recent.push(message);
    if (recent.length > 5) recent.shift();
  };
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (message) => {
      note(message);
      log({ level: 'error', message });
    });
  }
  child.on('error', (error) => note(error.message));
  return { note, text: () => recent.join('; ') };
}

async function stopSandbox(child: ChildProcess, rpc: JsonRpc, exited: Promise<void>, clock: Clock): Promise<void> {
  const cancel = clock.schedule(stopTimeoutMs, () => child.kill('SIGKILL'));
  await rpc.call('stop', null).catch(() => undefined);
  child.stdin?.end();
  await exited;
  cancel();
}
