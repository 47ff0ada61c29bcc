import type { Core } from '../parts.ts';

/** How long the server keeps Events after their last change (kube-apiserver's `--event-ttl`). */
const timeToLiveMs = 3_600_000;
const checkMs = 60_000;

/** Deletes Events an hour after their last write. */
export async function expireEvents({ store, options }: Core): Promise<() => void> {
  const { clock } = options;
  const waiting: { readonly key: string; readonly revision: number; readonly at: number }[] = [];
  for (const { key, revision } of store.scan('events')) waiting.push({ key, revision, at: clock.now() });
  const unsubscribe = store.subscribe('events', ({ current, at }) => {
    if (current !== undefined) waiting.push({ key: current.key, revision: current.revision, at });
  });

  function deleteOld(): void {
    const horizon = clock.now() - timeToLiveMs;
    while (waiting[0] !== undefined && waiting[0].at <= horizon) {
      const { key, revision } = waiting.shift() ?? { key: '', revision: 0 };
      const stored = store.get('events', key);
      if (stored?.revision === revision) store.delete('events', key, stored);
    }
  }

  let cancel = (): void => {};
  const schedule = (): void => {
    cancel = clock.schedule(checkMs, () => {
      deleteOld();
      schedule();
    });
  };
  schedule();
  return () => {
    cancel();
    unsubscribe();
  };
}
