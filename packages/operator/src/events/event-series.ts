import type { KubeObject } from '@reeve/api';
import type { EventSource } from '../controller/controller.ts';

/** What makes two events the same, so that the second only counts. */
export interface EventIdentity {
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: KubeObject;
  readonly related?: KubeObject | undefined;
  readonly source: EventSource;
}

/** A key for the identity of an event. */
export function identityText(identity: EventIdentity): string {
  const { type, reason, action, note, regarding, related, source } = identity;
  return JSON.stringify([
    source.controller,
    type,
    reason,
    action,
    note,
    regarding.metadata?.uid,
    related?.metadata?.uid,
  ]);
}

/** A bucket of tokens that fills slowly: a burst is let through, a flood is not. */
export interface TokenBucket {
  /** Takes a token if there is one. */
  take(now: number): boolean;
}

/** Makes a full bucket. */
export function tokenBucket(size: number, msPerToken: number): TokenBucket {
  let tokens = size;
  let at = Number.NEGATIVE_INFINITY;
  return {
    take(now) {
      tokens = at === Number.NEGATIVE_INFINITY ? size : Math.min(size, tokens + (now - at) / msPerToken);
      at = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
