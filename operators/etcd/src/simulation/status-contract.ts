import type { Condition } from '@reeve/api';

interface Watched {
  readonly metadata: { readonly generation?: number; readonly deletionTimestamp?: string };
  readonly spec: { readonly clusterSize: number };
  readonly status?: {
    readonly observedGeneration?: number | undefined;
    readonly readyMembers?: number | undefined;
    readonly conditions?: readonly Condition[] | undefined;
  };
}

/** What `kstatus` makes of an object (cli-utils pkg/kstatus, the generic rules in their order). */
export function kstatusOf({ metadata, status }: Watched): 'Terminating' | 'InProgress' | 'Failed' | 'Current' {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (status?.observedGeneration !== undefined && status.observedGeneration !== metadata.generation)
    return 'InProgress';
  for (const { type, status: value } of status?.conditions ?? []) {
    if (type === 'Reconciling' && value === 'True') return 'InProgress';
    if (type === 'Stalled' && value === 'True') return 'Failed';
  }
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}

/** Where a status, after the one before it, breaks the contract of conditions. */
export function contractBreaches(before: Watched | undefined, now: Watched): readonly string[] {
  const { status } = now;
  const { conditions } = status ?? {};
  // An object that nobody has looked at yet has no status.
  if (status === undefined || conditions === undefined) return [];
  const value = (type: string): string | undefined => conditions.find((one) => one.type === type)?.status;
  const flipless = conditions.filter((one) => {
    const old = before?.status?.conditions?.find(({ type }) => type === one.type);
    return old?.status === one.status && old.lastTransitionTime !== one.lastTransitionTime;
  });
  const checks: readonly (readonly [boolean, string])[] = [
    [value('Ready') !== undefined, 'Ready is missing'],
    [status.observedGeneration !== undefined, 'observedGeneration is missing'],
    [
      conditions.every((one) => one.observedGeneration === status.observedGeneration),
      'a condition speaks of another generation',
    ],
    [conditions.every(({ reason, message }) => reason !== '' && message.endsWith('.')), 'a condition says no sentence'],
    [value('Reconciling') !== 'True' || value('Stalled') !== 'True', 'Reconciling and Stalled at once'],
    [value('Reconciling') !== 'True' || value('Ready') === 'False', 'Ready while Reconciling'],
    [flipless.length === 0, `lastTransitionTime moved without a flip: ${flipless.map(({ type }) => type).join()}`],
    [kstatusOf(now) !== 'Current' || status.readyMembers === now.spec.clusterSize, 'Current without all members'],
  ];
  return checks.flatMap(([holds, breach]) => (holds ? [] : [breach]));
}
