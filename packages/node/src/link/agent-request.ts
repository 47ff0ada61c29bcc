import type { ExecOptions, LogOptions, NodeContainer, PodAddress } from '@reeve/api';

/** The first message on a connection to the agent's socket: what the rest of the conversation is about. */
export type AgentRequest =
  | { readonly type: 'logs'; readonly container: NodeContainer; readonly options: Omit<LogOptions, 'signal'> }
  | { readonly type: 'exec'; readonly container: NodeContainer; readonly options: ExecOptions }
  | { readonly type: 'attach'; readonly container: NodeContainer; readonly options: ExecOptions }
  | { readonly type: 'portForward'; readonly pod: PodAddress; readonly port: number };

/** The agent's first message: go on, or why not. */
export type AgentAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string };
