/** A condition as a reconciler states it; times and generation are filled in. */
export interface ConditionInput {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase, for programs. */
  readonly reason: string;
  /** One sentence, with the object in the way and the next step. */
  readonly message: string;
}

/**
 * Collects the new status of the reconciled object; written once after the reconcile, also when it throws, and only if
 * something changed. Fields that are not set keep their value.
 */
export interface StatusWriter<S> {
  /** The status as it will be written. */
  readonly draft: Readonly<Partial<S>>;
  /** Sets top-level fields; undefined removes one. */
  set(fields: { readonly [K in keyof S]?: S[K] | undefined }): void;
  condition(condition: ConditionInput): void;
  removeCondition(type: string): void;
  /** Ready=True; no longer Reconciling or Stalled. */
  ready(reason: string, message: string): void;
  /** Ready=False and Reconciling=True: work is going on. */
  reconciling(reason: string, message: string): void;
  /** Ready=False and Stalled=True: a person must act. */
  stalled(reason: string, message: string): void;
  /** Writes now: for intent that must be on record before an action. */
  flush(): Promise<void>;
}
