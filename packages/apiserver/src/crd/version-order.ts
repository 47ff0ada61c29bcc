const pattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const stages: readonly (string | undefined)[] = ['alpha', 'beta', undefined];

/** Order of API versions by stability: v2, v1, v1beta2, v1alpha1, then other names. Positive if `a` is preferred. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [pattern.exec(a), pattern.exec(b)];
  if (!left || !right) return left ? 1 : right ? -1 : b < a ? -1 : b > a ? 1 : 0;
  const stage = stages.indexOf(left[2]) - stages.indexOf(right[2]);
  if (stage !== 0) return stage;
  const major = Number(left[1]) - Number(right[1]);
  return major === 0 ? Number(left[3] ?? 0) - Number(right[3] ?? 0) : major;
}
