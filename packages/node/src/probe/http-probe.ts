import { request as requestHTTP } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHTTPS } from 'node:https';

import type { HTTPGetAction } from '@reeve/api/core/v1';

import type { ProbeResult } from './probe-result.ts';
import { portOf } from './probe-target.ts';
import type { ProbeTarget } from './probe-target.ts';

const maxBodyBytes = 10 * 1024;

/** GET: any status from 200 to 399 is a success. Certificates are not checked, as with Kubernetes. */
export function httpProbe(action: HTTPGetAction, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  const isTLS = action.scheme === 'HTTPS';
  const headers = Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  const options = {
    host: action.host || target.podIP,
    port: portOf(action.port, target.container),
    path: action.path?.startsWith('/') === true ? action.path : `/${action.path ?? ''}`,
    headers: { 'user-agent': 'kube-probe/1.36', accept: '*/*', ...headers },
    timeout: timeoutMs,
    agent: false,
  } as const;
  return new Promise((resolve) => {
    const answer = (response: IncomingMessage): void => void readAnswer(response).then(resolve);
    const request = isTLS
      ? requestHTTPS({ ...options, rejectUnauthorized: false }, answer)
      : requestHTTP(options, answer);
    request.on('timeout', () => {
      resolve({ ok: false, message: `no answer within ${timeoutMs / 1000} s` });
      request.destroy();
    });
    request.on('error', (error) => resolve({ ok: false, message: error.message }));
    request.end();
  });
}

async function readAnswer(response: IncomingMessage): Promise<ProbeResult> {
  const { statusCode = 0 } = response;
  let body = '';
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > maxBodyBytes) break;
    }
  } catch {
    // The status has been read; a body that breaks off changes nothing.
  }
  const ok = statusCode >= 200 && statusCode < 400;
  return { ok, message: ok ? body : `HTTP probe failed with statuscode: ${statusCode}` };
}
