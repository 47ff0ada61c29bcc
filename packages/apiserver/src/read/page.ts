import { badRequest, statusError } from '../status-error.ts';
import type { Collection } from '../store/collection.ts';
import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import type { ListOptions } from './list-options.ts';
import { parseVersion } from './resource-version.ts';
import type { Selection } from './selection.ts';

/** One page of a list. */
export interface Page {
  readonly items: readonly Stored[];
  /** The version that the list shows. */
  readonly revision: number;
  readonly continueToken: string | undefined;
  readonly remaining: number | undefined;
}

const expiredToken =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

const expiredVersion = 'The resourceVersion for the provided list is too old.';

/** What is read: a collection, the part of it under a prefix, and of that what is selected. */
export interface PageSource {
  readonly store: Store;
  readonly collection: Collection;
  readonly prefix: string;
  readonly selection: Selection;
}

/** Reads a page of the objects under a prefix. The version asked for must have been reached. */
export function readPage(source: PageSource, options: ListOptions): Page {
  const { store, collection, prefix } = source;
  const from = startOf(source, options);
  const isAny = options.resourceVersion === '0';
  const limit = isAny ? 0 : options.limit;
  const after = from.after === '' ? '' : prefix + from.after;
  const revision = from.revision ?? store.revision;
  const objects =
    from.revision === undefined ? collection.scan(prefix, after) : collection.scanAt(prefix, from.revision, after);
  return cut(source, objects, revision, limit);
}

interface Start {
  /** Undefined: as things are now. */
  readonly revision: number | undefined;
  readonly after: string;
}

function startOf({ store, collection }: PageSource, options: ListOptions): Start {
  const { resourceVersion, match, limit, continueToken } = options;
  const oldest = Math.max(store.compacted, collection.forgotten - 1);
  if (continueToken !== '') {
    const { revision, after } = decodeContinue(continueToken);
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    if (revision < 0) return { revision: undefined, after };
    if (revision <= oldest) {
      const metadata = { continue: encodeContinue({ revision: -1, after }) };
      throw statusError(410, 'Expired', expiredToken, undefined, { metadata });
    }
    return { revision, after };
  }
  const version = parseVersion(resourceVersion);
  const isExact = match === 'Exact' || (match === '' && limit > 0 && resourceVersion !== '' && resourceVersion !== '0');
  if (!isExact || typeof version === 'string') return { revision: undefined, after: '' };
  if (version <= oldest) throw statusError(410, 'Expired', expiredVersion);
  return { revision: version, after: '' };
}

function cut({ prefix, selection }: PageSource, objects: Iterable<Stored>, revision: number, limit: number): Page {
  const items: Stored[] = [];
  let remaining = 0;
  for (const stored of objects) {
    if (limit > 0 && items.length >= limit) {
      remaining += 1;
      if (!selection.isEverything) break;
      continue;
    }
    if (selection.isEverything || selection.matches(stored)) items.push(stored);
  }
  if (remaining === 0) return { items, revision, continueToken: undefined, remaining: undefined };
  const after = (items.at(-1)?.key ?? prefix).slice(prefix.length);
  const continueToken = encodeContinue({ revision, after });
  return { items, revision, continueToken, remaining: selection.isEverything ? remaining : undefined };
}

/** The text of a list's bad version as a Status. */
export function checkListVersion(text: string): number {
  const version = parseVersion(text);
  if (typeof version === 'string') throw badRequest(`invalid resource version: ${version}`);
  return version;
}
