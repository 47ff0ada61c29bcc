import { connect } from 'node:http2';

import type { GRPCAction } from '@reeve/api/core/v1';

import type { ProbeResult } from './probe-result.ts';
import type { ProbeTarget } from './probe-target.ts';

const serving = 1;

/** Asks the standard health service (grpc/health/v1): SERVING is a success. Without TLS, as with Kubernetes. */
export function grpcProbe(action: GRPCAction, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  const service = action.service ?? '';
  return new Promise((resolve) => {
    const session = connect(`http://${target.podIP}:${action.port}`);
    const end = (ok: boolean, message: string): void => {
      session.destroy();
      resolve({ ok, message });
    };
    session.on('error', (error) => end(false, error.message));
    session.setTimeout(timeoutMs, () => end(false, `no answer within ${timeoutMs / 1000} s`));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'kube-probe/1.36',
    });
    let body = Buffer.alloc(0);
    let status = '0';
    stream.on('response', (headers) => (status = String(headers['grpc-status'] ?? '0')));
    stream.on('trailers', (headers) => (status = String(headers['grpc-status'] ?? '0')));
    stream.on('data', (chunk: Buffer) => (body = Buffer.concat([body, chunk])));
    stream.on('error', (error) => end(false, error.message));
    stream.on('end', () => {
      if (status !== '0') end(false, `the health service of ${service || 'the server'} answered gRPC status ${status}`);
      else
        end(servingStatus(body) === serving, `the service ${service} is not serving (status ${servingStatus(body)})`);
    });
    stream.end(healthRequest(service));
  });
}

/** HealthCheckRequest {string service = 1}, framed as a gRPC message. */
function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** HealthCheckResponse {ServingStatus status = 1}: a frame head of five bytes, the field's tag, its value. */
function servingStatus(body: Buffer): number {
  return body.length >= 7 && body[5] === 0x08 ? (body[6] ?? 0) : 0;
}
