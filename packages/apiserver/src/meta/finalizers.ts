const standard = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** A finalizer with a domain, or one of Kubernetes' own. */
export function isKubernetesFinalizer(finalizer: string): boolean {
  return finalizer.includes('/') || standard.has(finalizer);
}
