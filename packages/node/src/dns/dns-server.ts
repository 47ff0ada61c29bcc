import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';

import type { ServiceDirectory } from '../network/service-directory.ts';
import { answerQuery } from './dns-message.ts';

const port = 53;

/** Serves the cluster's names on an address of the sandbox, by UDP and TCP. Lives as long as the process. */
export async function startDnsServer(address: string, directory: ServiceDirectory, domain: string): Promise<void> {
  const udp = createSocket('udp4');
  udp.on('message', (message, { address: client, port: clientPort }) => {
    const answer = answerQuery(message, directory, domain, 'udp');
    if (answer !== undefined) udp.send(answer, clientPort, client);
  });
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject);
    udp.bind(port, address, () => {
      udp.off('error', reject);
      // A client that is gone answers with ICMP errors: nothing to do.
      udp.on('error', () => undefined);
      resolve();
    });
  });
  const tcp = createServer((socket) => serveConnection(socket, directory, domain));
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(port, address, resolve);
  });
}

// RFC 7766: each message has its length in two bytes before it.
function serveConnection(socket: Socket, directory: ServiceDirectory, domain: string): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
      const end = 2 + pending.readUInt16BE();
      const answer = answerQuery(pending.subarray(2, end), directory, domain, 'tcp');
      pending = pending.subarray(end);
      if (answer === undefined) {
        socket.destroy();
        return;
      }
      const head = Buffer.alloc(2);
      head.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([head, answer]));
    }
  });
}
