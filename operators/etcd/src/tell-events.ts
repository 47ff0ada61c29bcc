import type { Stored } from '@reeve/kube';
import type { ConditionInput, ReconcileContext } from '@reeve/operator';
import { isDeed, type Action, type ActionKind } from './decide/action.ts';
import type { EtcdCluster } from './resources.ts';

type Context = Pick<ReconcileContext<EtcdCluster, Stored<EtcdCluster>>, 'obj' | 'event'>;

// Housekeeping: in the log and in the condition, but no news.
const quiet: ReadonlySet<ActionKind> = new Set(['CreateClaim', 'MarkPod', 'Forget', 'EndPreflight', 'Reserve']);

/** Tells users of each step once, and of each obstacle when it appears. */
export function tellEvents({ obj, event }: Context, action: Action): void {
  const { operation, conditions = [] } = obj.status ?? {};
  if (isDeed(action)) {
    const isRepeated = operation?.step === action.kind && operation.reason === action.reason;
    if (!quiet.has(action.kind) && !isRepeated) {
      event({ type: 'Normal', reason: action.task, action: action.kind, note: `${action.reason}.` });
    }
    return;
  }
  const isNews = (type: string, reason: string): boolean =>
    conditions.find((known) => known.type === type)?.reason !== reason;
  if (action.kind === 'Blocked' && isNews('Ready', action.obstacle)) {
    event({ type: 'Warning', reason: action.obstacle, note: `${action.reason}. ${action.next}` });
  }
}

/** Warns once of a size that costs a member and survives no more than the next smaller one. */
export function warnOfSize({ obj, event }: Context, { type, reason, message }: ConditionInput): void {
  const known = obj.status?.conditions?.find((condition) => condition.type === type);
  const isNew = known?.reason !== reason || known.message !== message;
  if (reason === 'EvenSize' && isNew) event({ type: 'Warning', reason, note: message });
}
