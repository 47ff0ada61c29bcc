import type { Job, PodFailurePolicyRule } from '@reeve/api/batch/v1';
import type { ContainerStatus, Pod } from '@reeve/api/core/v1';

/** What a failed pod means for its job (KEP-3329). Without a matching rule it counts. */
export interface FailureVerdict {
  readonly action: PodFailurePolicyRule['action'];
  /** Why, for the job's condition. */
  readonly message: string;
}

const COUNT: FailureVerdict = { action: 'Count', message: '' };

/** The first rule of `spec.podFailurePolicy` that matches decides. */
export function failureVerdict({ spec }: Job, pod: Pod): FailureVerdict {
  if (pod.status?.phase !== 'Failed') return COUNT;
  for (const [index, rule] of (spec?.podFailurePolicy?.rules ?? []).entries()) {
    const reason = matchOf(rule, pod);
    if (reason === undefined) continue;
    return { action: rule.action, message: `${reason} matching ${rule.action} rule at index ${index}` };
  }
  return COUNT;
}

function matchOf({ onExitCodes, onPodConditions }: PodFailurePolicyRule, pod: Pod): string | undefined {
  const about = `${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''}`;
  if (onExitCodes) {
    const isMeant = ({ name, state }: ContainerStatus): boolean => {
      const code = state?.terminated?.exitCode ?? 0;
      if (code === 0 || (onExitCodes.containerName && onExitCodes.containerName !== name)) return false;
      return onExitCodes.values.includes(code) === (onExitCodes.operator === 'In');
    };
    const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
    const found = statuses.find(isMeant);
    return (
      found &&
      `Container ${found.name} for pod ${about} failed with exit code ${found.state?.terminated?.exitCode ?? 0}`
    );
  }
  const condition = pod.status?.conditions?.find(({ type, status }) =>
    onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  );
  return condition && `Pod ${about} has condition ${condition.type}`;
}
