import type { MessageStream, Status } from '@reeve/api';
import { statusFrom } from '../answer-error.ts';
import { asBuffer } from '../body.ts';
import type { ExecExit, ExecOutput, ExecSession } from './pods-types.ts';

/** Channels of `v5.channel.k8s.io` (KEP-4006): the first byte of every message. */
const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

function message(id: number, data: Uint8Array): Uint8Array {
  const framed = new Uint8Array(data.length + 1);
  framed[0] = id;
  framed.set(data, 1);
  return framed;
}

/** How a command ended, from the Status on the status channel. */
function exitFrom(status: Status): ExecExit {
  if (status.status === 'Success') return { code: 0, message: '' };
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  const code = Number(cause?.message ?? Number.NaN);
  return { code: Number.isInteger(code) ? code : -1, message: status.message ?? '' };
}

/** Speaks the exec protocol over a message stream. */
export function execSession(stream: MessageStream): ExecSession {
  const exit = Promise.withResolvers<ExecExit>();
  // Whoever never looks at the exit must not crash for it.
  exit.promise.catch(() => undefined);

  async function* output(): AsyncGenerator<ExecOutput, void, undefined> {
    try {
      for await (const framed of stream.incoming) {
        const data = framed.subarray(1);
        if (framed[0] === channel.stdout && data.length > 0) yield { channel: 'stdout', data };
        if (framed[0] === channel.stderr && data.length > 0) yield { channel: 'stderr', data };
        if (framed[0] === channel.status) exit.resolve(exitFrom(statusFrom(500, asBuffer(data).toString())));
      }
      exit.resolve({ code: -1, message: 'the connection ended before the command did' });
    } catch (error) {
      exit.reject(error);
      throw error;
    } finally {
      await stream.close();
    }
  }

  const send = (id: number, data: Uint8Array | string): Promise<void> => stream.send(message(id, Buffer.from(data)));
  return {
    output: output(),
    exit: exit.promise,
    write: (data) => send(channel.stdin, data),
    closeStdin: () => send(channel.close, Uint8Array.of(channel.stdin)),
    resize: (columns, rows) => send(channel.resize, JSON.stringify({ Width: columns, Height: rows })),
    close: () => stream.close(),
  };
}
