import type { Time } from '@reeve/api';

/** Milliseconds since the epoch as Kubernetes prints times: whole seconds. */
export function formatTime(ms: number): Time {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
