import type { WireResponse } from '@reeve/api';
import { KubeError } from './kube-error.ts';

/** A view of bytes as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The whole body. */
export async function readBody(response: WireResponse): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? asBuffer(only) : Buffer.concat(chunks);
}

/** Decodes a JSON answer, saying what came instead when it is none. */
export function parseAnswer(bytes: Buffer, request: string): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (cause) {
    const start = bytes.toString('utf8', 0, 120);
    throw new KubeError('BadAnswer', `${request} was not answered with JSON but with: ${start}`, { cause });
  }
}

/** One header of an answer. */
export function headerOf(response: WireResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
