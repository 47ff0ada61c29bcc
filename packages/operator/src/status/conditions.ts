import type { Condition } from '@reeve/api';
import { timeText } from '../time-text.ts';
import type { ConditionInput } from './status-writer.ts';

/** The conditions with one of them restated; `lastTransitionTime` moves only when the status flips. */
export function setCondition(
  conditions: readonly Condition[],
  input: ConditionInput & { readonly observedGeneration?: number | undefined },
  now: number,
): readonly Condition[] {
  const { observedGeneration, ...stated } = input;
  const present = conditions.find(({ type }) => type === input.type);
  const lastTransitionTime = present?.status === input.status ? present.lastTransitionTime : timeText(now);
  const next: Condition = {
    ...stated,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime,
  };
  if (present === undefined) return [...conditions, next];
  return conditions.map((condition) => (condition === present ? next : condition));
}

/** The conditions without one. */
export function removeCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** True if the condition is there and True. */
export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}
