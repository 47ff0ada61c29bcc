import type { Clock } from '@reeve/api';
import type { StatusError } from '../status-error.ts';
import type { StoreEvent } from '../store/collection.ts';
import { Stored } from '../store/stored.ts';
import { metadataOf } from '../value.ts';
import type { Selection } from './selection.ts';
import type { WatchForm } from './watch-forms.ts';

/** Events that wait for a slow client; beyond this the watch ends and the client starts again where it was. */
const maxWaiting = 20_000;
/** Bytes that are put together into one chunk. */
const chunkBytes = 64 * 1024;
const bookmarkMs = 60_000;
/** The last bookmark comes this long before the end, so that the next watch starts close to it. */
const lastBookmarkMs = 2000;

const initialEventsEnd = { 'k8s.io/initial-events-end': 'true' } as const;

/** What a watch is. */
export interface WatchStreamOptions {
  readonly clock: Clock;
  readonly form: WatchForm;
  readonly selection: Selection;
  /** Key prefix of what is watched. */
  readonly prefix: string;
  readonly revision: () => number;
  readonly allowBookmarks: boolean;
  readonly timeoutMs: number;
  /** Any of them ends the watch. */
  readonly signals: readonly AbortSignal[];
}

type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** An event as this watch shows it. */
interface Shown {
  readonly type: WatchType;
  readonly stored: Stored;
}

/** Texts of events, shared by all watches that show them in the same form. */
const texts = new WeakMap<StoreEvent, Map<string, string>>();

/**
 * The body of a watch. Writers push events and never wait; the reader's pace decides when they become text. A reader
 * that falls too far behind is cut off.
 */
export class WatchStream implements AsyncIterable<Uint8Array> {
  readonly #options: WatchStreamOptions;
  readonly #endings: (() => void)[] = [];
  #waiting: (() => string)[] = [];
  #wake: (() => void) | undefined;
  #isFinished = false;
  /** The client knows everything up to here. */
  #sent = 0;

  constructor(options: WatchStreamOptions) {
    this.#options = options;
    const { clock, signals, timeoutMs, allowBookmarks } = options;
    const finish = (): void => this.finish();
    for (const signal of signals) {
      if (signal.aborted) this.#isFinished = true;
      signal.addEventListener('abort', finish);
      this.onEnd(() => signal.removeEventListener('abort', finish));
    }
    this.onEnd(clock.schedule(timeoutMs, finish));
    if (!allowBookmarks) return;
    if (timeoutMs > lastBookmarkMs) this.onEnd(clock.schedule(timeoutMs - lastBookmarkMs, () => this.#bookmark()));
    this.#scheduleBookmark();
  }

  /** Runs `task` when the watch is over; at once if it is. */
  onEnd(task: () => void): void {
    if (this.#isFinished) task();
    else this.#endings.push(task);
  }

  /** Starts with the current objects, and the bookmark that ends them. */
  begin(objects: readonly Stored[], revision: number, bookmark: boolean): void {
    const { form } = this.#options;
    for (const stored of objects) this.#enqueue(() => line('ADDED', form.text(stored)));
    if (bookmark) this.#enqueue(() => line('BOOKMARK', form.bookmark(revision, { ...initialEventsEnd })));
    this.#sent = revision;
  }

  /** Starts with what was missed. */
  resume(events: readonly StoreEvent[], revision: number): void {
    this.#sent = revision;
    for (const event of events) this.push(event);
  }

  push(event: StoreEvent): void {
    if (this.#isFinished || event.revision <= this.#sent) return;
    if (!event.shown.key.startsWith(this.#options.prefix)) return;
    const shown = this.#show(event);
    if (shown === undefined) return;
    if (this.#waiting.length >= maxWaiting) {
      this.#waiting = [];
      this.finish();
      return;
    }
    this.#sent = event.revision;
    this.#enqueue(() => this.#lineOf(event, shown));
  }

  /** Ends with an ERROR event. */
  fail({ status }: StatusError): void {
    this.#waiting.push(() => line('ERROR', JSON.stringify(status)));
    this.finish();
  }

  /** Ends after what waits has been read. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    for (const task of this.#endings.splice(0)) task();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    try {
      for (;;) {
        if (this.#waiting.length > 0) yield Buffer.from(this.#take(), 'utf8');
        else if (this.#isFinished) return;
        else await this.#woken();
      }
    } finally {
      this.#waiting = [];
      this.finish();
    }
  }

  /** What an event means to this watch: objects enter and leave the selection. */
  #show(event: StoreEvent): Shown | undefined {
    const { selection } = this.#options;
    const { current, previous, shown } = event;
    const is = current !== undefined && selection.matches(current);
    const was = previous !== undefined && selection.matches(previous);
    if (is) return { type: was ? 'MODIFIED' : 'ADDED', stored: current };
    if (!was) return undefined;
    return { type: 'DELETED', stored: current === undefined ? shown : atRevision(previous, event.revision) };
  }

  #lineOf(event: StoreEvent, { type, stored }: Shown): string {
    const { form } = this.#options;
    if (form.shared === '') return line(type, form.text(stored));
    const shared = texts.get(event) ?? new Map<string, string>();
    texts.set(event, shared);
    const name = `${type} ${form.shared}`;
    const known = shared.get(name);
    if (known !== undefined) return known;
    const text = line(type, form.text(stored));
    shared.set(name, text);
    return text;
  }

  #bookmark(): void {
    const revision = this.#options.revision();
    if (this.#isFinished || revision <= this.#sent) return;
    this.#sent = revision;
    this.#enqueue(() => line('BOOKMARK', this.#options.form.bookmark(revision, undefined)));
  }

  #scheduleBookmark(): void {
    let cancel = (): void => {};
    const next = (): void => {
      cancel = this.#options.clock.schedule(bookmarkMs, () => {
        this.#bookmark();
        next();
      });
    };
    next();
    this.onEnd(() => cancel());
  }

  #enqueue(render: () => string): void {
    if (this.#options.form.isBroken === true) {
      this.finish();
      return;
    }
    this.#waiting.push(render);
    this.#wake?.();
  }

  #take(): string {
    let text = '';
    let taken = 0;
    while (taken < this.#waiting.length && text.length < chunkBytes) text += this.#waiting[taken++]?.() ?? '';
    this.#waiting = taken === this.#waiting.length ? [] : this.#waiting.slice(taken);
    return text;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

function line(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

/** An object as it was, with the version of the change that took it out of the selection. */
function atRevision(stored: Stored, revision: number): Stored {
  const object = stored.object();
  metadataOf(object)['resourceVersion'] = String(revision);
  return Stored.of(stored.key, revision, object);
}
