import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { messageOf, NodeError } from '../node-error.ts';

/** Answers the other side's calls, by method; what they take and give is plain JSON. */
export type RpcHandlers = Readonly<Record<string, (params: unknown) => unknown>>;

interface RpcMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: string;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls both ways over a pair of pipes, one JSON message a line: how the cluster process and the agent talk. */
export class JsonRpc {
  readonly #output: Writable;
  readonly #handlers: RpcHandlers;
  readonly #pending = new Map<number, PendingCall>();
  #nextId = 1;
  #closed = false;
  /** Resolves when the other side has closed its end. */
  readonly closed: Promise<void>;

  constructor(input: Readable, output: Writable, handlers: RpcHandlers) {
    this.#output = output;
    this.#handlers = handlers;
    output.on('error', () => this.#fail());
    const lines = createInterface({ input });
    lines.on('line', (line) => void this.#receive(line));
    this.closed = new Promise((resolve) => {
      lines.on('close', () => {
        this.#fail();
        resolve();
      });
    });
  }

  /** Rejects with the other side's error message, or when the pipe closes. */
  call(method: string, params: unknown): Promise<unknown> {
    if (this.#closed) return Promise.reject(closedError());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  /** A call whose answer nobody waits for. */
  notify(method: string, params: unknown): void {
    if (!this.#closed) this.#send({ method, params });
  }

  #send(message: RpcMessage): void {
    this.#output.write(`${JSON.stringify(message)}\n`);
  }

  async #receive(line: string): Promise<void> {
    const message = JSON.parse(line) as RpcMessage;
    if (message.method !== undefined) {
      await this.#serve(message.method, message);
      return;
    }
    const call = this.#pending.get(message.id ?? 0);
    if (call === undefined) return;
    this.#pending.delete(message.id ?? 0);
    if (message.error === undefined) call.resolve(message.result ?? null);
    else call.reject(new NodeError('AgentFailed', message.error));
  }

  async #serve(method: string, { id, params = null }: RpcMessage): Promise<void> {
    let answer: RpcMessage;
    try {
      const handler = this.#handlers[method];
      if (handler === undefined) throw new NodeError('BadMessage', `unknown method ${method}`);
      answer = { result: await handler(params) };
    } catch (error) {
      answer = { error: messageOf(error) };
    }
    if (id !== undefined && !this.#closed) this.#send({ id, ...answer });
  }

  #fail(): void {
    this.#closed = true;
    for (const { reject } of this.#pending.values()) reject(closedError());
    this.#pending.clear();
  }
}

function closedError(): NodeError {
  return new NodeError('HostStopped', 'the node host has stopped; start the cluster again');
}
