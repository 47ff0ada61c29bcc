import type { Probe } from '@reeve/api/core/v1';

import { messageOf } from '../node-error.ts';
import { grpcProbe } from './grpc-probe.ts';
import { httpProbe } from './http-probe.ts';
import type { ProbeResult } from './probe-result.ts';
import type { ProbeTarget } from './probe-target.ts';
import { tcpProbe } from './tcp-probe.ts';

/** Asks once. Never throws: whatever goes wrong is a failure. */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeResult> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  try {
    if (probe.exec !== undefined) return await execProbe(probe.exec.command ?? [], target, timeoutMs);
    if (probe.httpGet !== undefined) return await httpProbe(probe.httpGet, target, timeoutMs);
    if (probe.tcpSocket !== undefined) return await tcpProbe(probe.tcpSocket, target, timeoutMs);
    if (probe.grpc !== undefined) return await grpcProbe(probe.grpc, target, timeoutMs);
    return { ok: false, message: 'the probe has no action' };
  } catch (error) {
    return { ok: false, message: messageOf(error) };
  }
}

async function execProbe(command: readonly string[], target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  const { exitCode, output } = await target.execute(command, timeoutMs);
  if (exitCode === 124) return { ok: false, message: `command timed out after ${timeoutMs / 1000} s: ${output}` };
  return { ok: exitCode === 0, message: output };
}
