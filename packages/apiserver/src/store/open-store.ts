import { join } from 'node:path';
import type { Clock } from '@reeve/api';
import { FileJournal } from './file-journal.ts';
import { Store } from './store.ts';

/**
 * Watchers may have seen writes that were not on disk yet when the server died. Versions go on this far beyond the last
 * one that was, so that none is given twice and such watchers are told that theirs is too old.
 */
const revisionGap = 1000;

/** A store in memory, or one that continues what a data directory holds. */
export async function openStore(clock: Clock, compactionInterval: number, dataDir: string | undefined): Promise<Store> {
  if (dataDir === undefined) return new Store({ clock, compactionInterval });
  const journal = await FileJournal.open(join(dataDir, 'store'));
  const { entries, revision } = journal.recovered;
  const options = { clock, compactionInterval, journal };
  const store = revision === 0 ? new Store(options) : new Store(options, revision + revisionGap);
  store.load(entries);
  journal.attach(() => store.entries());
  return store;
}
