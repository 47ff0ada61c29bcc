import type { MessageStream } from '@reeve/api';
import type { WebSocket } from 'ws';
import { eachMessage, sendMessage } from './web-socket.ts';

/** Message protocols of exec and attach, newest first; only v5 can close a direction (KEP-4006). */
export const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

const normalClosure = 1000;

/** Joins a client's web socket with a container: messages are the same on both sides. */
export function joinWebSocket(socket: WebSocket, container: MessageStream): void {
  eachMessage(
    socket,
    (bytes) => container.send(bytes),
    () => void container.close().catch(() => {}),
  );
  void forward(socket, container);
}

async function forward(socket: WebSocket, container: MessageStream): Promise<void> {
  try {
    for await (const message of container.incoming) await sendMessage(socket, message);
    socket.close(normalClosure);
  } catch {
    // The node went away in the middle: the client sees a broken connection, which it is.
    socket.terminate();
  }
}
