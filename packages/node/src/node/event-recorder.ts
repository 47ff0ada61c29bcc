import type { Clock } from '@reeve/api';
import { Event } from '@reeve/api/core/v1';
import type { ObjectReference } from '@reeve/api/core/v1';
import type { Client } from '@reeve/kube';

import { formatTime } from '../pod/time.ts';

/** The same thing within this time is counted on the event that is there. */
const windowMs = 600_000;
/** A repeated event is written at most this often. */
const quietMs = 10_000;

interface Known {
  readonly name: string;
  count: number;
  writtenAt: number;
}

/** Writes events about pods and the node; repeats are counted on one event. Failing to write one is no error. */
export class EventRecorder {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #nodeName: string;
  readonly #known = new Map<string, Known>();
  #serial = 0;

  constructor(client: Client, nodeName: string) {
    this.#client = client;
    this.#clock = client.clock;
    this.#nodeName = nodeName;
  }

  record(object: ObjectReference, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const now = this.#clock.now();
    const key = [object.uid, object.fieldPath, type, reason, message].join('\n');
    const known = this.#known.get(key);
    if (known === undefined || now - known.writtenAt > windowMs) {
      this.#forgetOld(now);
      void this.#create(key, { object, type, reason, message }, now);
      return;
    }
    known.count++;
    if (now - known.writtenAt < quietMs) return;
    known.writtenAt = now;
    const namespace = object.namespace ?? 'default';
    const merge = { count: known.count, lastTimestamp: formatTime(now) };
    void this.#client
      .of(Event)
      .in(namespace)
      .patch(known.name, { merge })
      .catch(() => this.#known.delete(key));
  }

  async #create(
    key: string,
    { object, type, reason, message }: { object: ObjectReference; type: string; reason: string; message: string },
    now: number,
  ): Promise<void> {
    const namespace = object.namespace ?? 'default';
    const name = `${object.name ?? 'unknown'}.${now.toString(16)}${(++this.#serial).toString(16).padStart(4, '0')}`;
    this.#known.set(key, { name, count: 1, writtenAt: now });
    const event: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: object,
      type,
      reason,
      message: message.slice(0, 1024),
      source: { component: 'kubelet', host: this.#nodeName },
      reportingComponent: 'kubelet',
      reportingInstance: this.#nodeName,
      firstTimestamp: formatTime(now),
      lastTimestamp: formatTime(now),
      count: 1,
    };
    await this.#client
      .of(Event)
      .in(namespace)
      .create(event)
      .catch(() => this.#known.delete(key));
  }

  #forgetOld(now: number): void {
    for (const [key, { writtenAt }] of this.#known) if (now - writtenAt > windowMs) this.#known.delete(key);
  }
}
