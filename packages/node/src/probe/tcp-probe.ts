import { connect } from 'node:net';

import type { TCPSocketAction } from '@reeve/api/core/v1';

import type { ProbeResult } from './probe-result.ts';
import { portOf } from './probe-target.ts';
import type { ProbeTarget } from './probe-target.ts';

/** A connection that is accepted is a success. */
export function tcpProbe(action: TCPSocketAction, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({
      host: action.host || target.podIP,
      port: portOf(action.port, target.container),
      timeout: timeoutMs,
    });
    const end = (ok: boolean, message: string): void => {
      socket.destroy();
      resolve({ ok, message });
    };
    socket.once('connect', () => end(true, ''));
    socket.once('timeout', () => end(false, `no connection within ${timeoutMs / 1000} s`));
    socket.once('error', (error) => end(false, error.message));
  });
}
