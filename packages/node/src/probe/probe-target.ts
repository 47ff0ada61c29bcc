import type { IntOrString } from '@reeve/api';
import type { Container } from '@reeve/api/core/v1';

import { NodeError } from '../node-error.ts';

/** How a command ended inside the container, with what it printed. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

/** The container that a probe or a hook asks. */
export interface ProbeTarget {
  readonly podIP: string;
  readonly container: Container;
  /** Runs a command in the container; it is killed when the time is over, with exit code 124. */
  execute(command: readonly string[], timeoutMs: number): Promise<CommandResult>;
}

/** A port by number or by the name that the container gives it. */
export function portOf(port: IntOrString, container: Container): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
  if (!Number.isInteger(named))
    throw new NodeError('InvalidPod', `the container ${container.name} has no port named ${port}`);
  return named;
}
