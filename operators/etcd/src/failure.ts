import { isConflict, isForbidden, isInvalid, type Stored } from '@reeve/kube';
import type { ReconcileContext } from '@reeve/operator';
import { retryMs } from './pace.ts';
import type { EtcdCluster } from './resources.ts';

type Context = Pick<ReconcileContext<EtcdCluster, Stored<EtcdCluster>>, 'obj' | 'status' | 'event' | 'log' | 'signal'>;

const refusedAgainMs = 5000;

/**
 * Says in the status why a pass has failed, and gives the time until the next; what may pass by itself is thrown on,
 * to be tried again with growing pauses.
 */
export function explainFailure({ obj, status, event, log, signal }: Context, error: unknown): number {
  // Another operator or a user was faster: look again before anything is done.
  if (isConflict(error)) return retryMs;
  if (signal.aborted) throw error;
  const message = error instanceof Error ? error.message : String(error);
  status.set({ observedGeneration: obj.metadata.generation });
  if (!isForbidden(error) && !isInvalid(error)) {
    status.reconciling('Retrying', `The last attempt has failed and is repeated: ${message.replace(/\.$/, '')}.`);
    throw error;
  }
  const known = obj.status?.conditions?.find(({ type }) => type === 'Ready');
  const sentence = `The API server refuses what the spec asks for: ${(error.status.message ?? message).replace(/\.$/, '')}. Change the spec, or what forbids it.`;
  if (known?.reason !== 'Refused') event({ type: 'Warning', reason: 'Refused', note: sentence });
  log.warn(message);
  status.stalled('Refused', sentence);
  return refusedAgainMs;
}
