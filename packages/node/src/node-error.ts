/** What went wrong in the node host or agent, for programs. */
export type NodeErrorCode =
  /** The machine cannot run pods: a tool or a kernel feature is missing. */
  | 'SandboxUnavailable'
  /** The node host ended, or never came up. */
  | 'HostStopped'
  /** The agent answered a request with an error. */
  | 'AgentFailed'
  /** No such node, pod, container or log. */
  | 'NotFound'
  /** The pod asks for something that cannot be given: a missing secret, a field that is not implemented. */
  | 'InvalidPod'
  /** A program that the agent needs failed (`ip`, `mount`, `unshare`). */
  | 'CommandFailed'
  /** The other side broke the protocol of a stream. */
  | 'BadMessage';

/** The one error class of this package. The message says what to do. */
export class NodeError extends Error {
  readonly code: NodeErrorCode;

  constructor(code: NodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NodeError';
    this.code = code;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
