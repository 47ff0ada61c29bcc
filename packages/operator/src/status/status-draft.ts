import type { Condition } from '@reeve/api';
import type { ConditionInput, StatusWriter } from './status-writer.ts';
import { removeCondition, setCondition } from './conditions.ts';

/** Any status; the fields that the contract knows are named. */
interface AnyStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly [field: string]: unknown;
}

export interface StatusDraftOptions {
  /** The status as it is. */
  readonly present: object | undefined;
  readonly generation: number | undefined;
  readonly now: () => number;
  readonly write: (status: object) => Promise<void>;
}

/** A status in the making, and the contract's way of finishing it. */
export interface StatusDraft<S> extends StatusWriter<S> {
  /** The pass is over: status and conditions are those of this generation. */
  observed(): void;
  readonly hasReady: boolean;
}

/** Begins a draft from the present status. */
export function draftStatus<S>({ present, generation, now, write }: StatusDraftOptions): StatusDraft<S> {
  let status: AnyStatus = { ...present };
  const conditions = (): readonly Condition[] => status.conditions ?? [];
  const withConditions = (next: readonly Condition[]): void => {
    status = { ...status, conditions: next };
  };
  const state = (input: ConditionInput): void =>
    withConditions(setCondition(conditions(), { ...input, observedGeneration: generation }, now()));
  const drop = (type: string): void => {
    if (conditions().some((condition) => condition.type === type)) withConditions(removeCondition(conditions(), type));
  };
  return {
    get draft() {
      // The fields of S are those that were read or set; nothing else is known about them here.
      return status as Readonly<Partial<S>>;
    },
    get hasReady() {
      return conditions().some(({ type }) => type === 'Ready');
    },
    set(fields) {
      const kept = Object.entries({ ...status, ...fields }).filter(([, value]) => value !== undefined);
      status = Object.fromEntries(kept);
    },
    condition: state,
    removeCondition: drop,
    ready(reason, message) {
      state({ type: 'Ready', status: 'True', reason, message });
      drop('Reconciling');
      drop('Stalled');
    },
    reconciling(reason, message) {
      state({ type: 'Ready', status: 'False', reason, message });
      state({ type: 'Reconciling', status: 'True', reason, message });
      drop('Stalled');
    },
    stalled(reason, message) {
      state({ type: 'Ready', status: 'False', reason, message });
      state({ type: 'Stalled', status: 'True', reason, message });
      drop('Reconciling');
    },
    observed() {
      if (generation === undefined) return;
      status = {
        ...status,
        observedGeneration: generation,
        conditions: conditions().map((condition) => ({ ...condition, observedGeneration: generation })),
      };
    },
    flush: () => write(status),
  };
}
