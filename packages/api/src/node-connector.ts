import type { MessageStream } from './wire.ts';

/** A pod on a node. */
export interface PodAddress {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
}

export interface NodeContainer extends PodAddress {
  readonly container: string;
}

/** As the query of `pods/log`; times are RFC 3339. */
export interface LogOptions {
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly timestamps?: boolean;
  readonly signal?: AbortSignal;
}

export interface ExecOptions {
  /** The program and its arguments; empty for attach to the container's own process. */
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** How an API server reaches the node agents, for the requests that end in a container. The cluster hands it in. */
export interface NodeConnector {
  /** Throws when the container or its log is not there. */
  logs(container: NodeContainer, options: LogOptions): AsyncIterable<Uint8Array>;
  /** Messages carry the channel in their first byte, as `v5.channel.k8s.io`: 0 in, 1 out, 2 err, 3 Status, 4 resize, 255 close. */
  exec(container: NodeContainer, options: ExecOptions): Promise<MessageStream>;
  attach(container: NodeContainer, options: ExecOptions): Promise<MessageStream>;
  /** One TCP connection into the pod's network: plain bytes both ways. */
  portForward(pod: PodAddress, port: number): Promise<MessageStream>;
}
