import type { ResourceInfo } from '../registry/resource-info.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import type { DeleteOptions } from './operations.ts';
import { timestamp } from './times.ts';

/** What a DELETE does to an object: it is stored changed first, then deleted, or only one of them. */
export interface Deletion {
  /** The object with its marks of deletion; undefined if there is nothing to change. */
  readonly marked: ObjectValue | undefined;
  readonly removes: boolean;
}

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/** Decides what DELETE does to a stored object, which is the caller's own copy and may be changed. */
export function decideDeletion(
  resource: Pick<ResourceInfo, 'deletion'>,
  object: ObjectValue,
  options: DeleteOptions,
  now: number,
): Deletion {
  const { deletion } = resource;
  const metadata = metadataOf(object);
  if (deletion.begin !== undefined && metadata['deletionTimestamp'] === undefined) {
    setFinalizers(metadata, wantedFinalizers(resource, metadata, options));
    deletion.begin(object, now);
    return { marked: object, removes: false };
  }
  if (deletion.isHeld?.(object) === true) return { marked: undefined, removes: false };
  const grace = graceful(resource, object, options, now);
  if (grace === 'pending') return { marked: undefined, removes: false };
  const wanted = wantedFinalizers(resource, metadata, options);
  setFinalizers(metadata, wanted);
  if (grace === 'none') {
    if (wanted.length === 0) return { marked: undefined, removes: true };
    markNow(metadata, now);
    return { marked: object, removes: false };
  }
  return { marked: object, removes: wanted.length === 0 && grace.seconds === 0 };
}

/**
 * Sets the grace period. `none`: the kind has none, or it is over; `pending`: one is running that this request does
 * not shorten.
 */
function graceful(
  { deletion }: Pick<ResourceInfo, 'deletion'>,
  object: ObjectValue,
  options: DeleteOptions,
  now: number,
): 'none' | 'pending' | { readonly seconds: number } {
  if (deletion.gracePeriod === undefined) return 'none';
  const metadata = metadataOf(object);
  const asked = options.gracePeriodSeconds;
  if (metadata['deletionTimestamp'] !== undefined) {
    const running = Number(metadata['deletionGracePeriodSeconds'] ?? 0);
    if (running === 0) return 'none';
    if (asked === undefined || asked >= running) return 'pending';
    const end = Date.parse(String(metadata['deletionTimestamp']));
    metadata['deletionTimestamp'] = timestamp(end - running * 1000 + asked * 1000);
    metadata['deletionGracePeriodSeconds'] = asked;
    return { seconds: asked };
  }
  const seconds = deletion.gracePeriod(object, asked);
  raiseGeneration(metadata);
  metadata['deletionTimestamp'] = timestamp(now + seconds * 1000);
  metadata['deletionGracePeriodSeconds'] = seconds;
  return { seconds };
}

function markNow(metadata: ObjectValue, now: number): void {
  if (metadata['deletionTimestamp'] === undefined) {
    raiseGeneration(metadata);
    metadata['deletionTimestamp'] = timestamp(now);
  }
  metadata['deletionGracePeriodSeconds'] = 0;
}

function raiseGeneration(metadata: ObjectValue): void {
  if (typeof metadata['generation'] === 'number' && metadata['generation'] > 0) metadata['generation'] += 1;
}

function setFinalizers(metadata: ObjectValue, finalizers: string[]): void {
  if (finalizers.length > 0) metadata['finalizers'] = finalizers;
  else delete metadata['finalizers'];
}

/** The finalizers with those of the propagation policy, which garbage collection takes off again. */
function wantedFinalizers(
  { deletion }: Pick<ResourceInfo, 'deletion'>,
  metadata: ObjectValue,
  options: DeleteOptions,
): string[] {
  const given = Array.isArray(metadata['finalizers']) ? metadata['finalizers'].map(String) : [];
  const policy = policyOf(deletion, options, given);
  const has = given.includes(policy);
  // Unchanged policies keep the order.
  if (has && !given.includes(policy === orphan ? foreground : orphan)) return given;
  const others = given.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
  return policy === '' ? others : [...others, policy];
}

function policyOf(
  deletion: ResourceInfo['deletion'],
  { orphanDependents, propagationPolicy }: DeleteOptions,
  finalizers: readonly string[],
): string {
  if (deletion.neverKeepsDependents === true) return '';
  if (orphanDependents !== undefined) return orphanDependents ? orphan : '';
  if (propagationPolicy !== undefined) {
    return propagationPolicy === 'Orphan' ? orphan : propagationPolicy === 'Foreground' ? foreground : '';
  }
  const own = finalizers.find((finalizer) => finalizer === orphan || finalizer === foreground);
  return own ?? (deletion.orphansByDefault ? orphan : '');
}
