const standard = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** A finalizer with a domain, or one of Kubernetes' own. */
export function isKubernetesFinalizer(finalizer: string): boolean {
  return finalizer.includes('/') || standard.has(finalizer);
}

/** Definitions and aggregated APIs take any finalizer, as custom resources do: their server has no rule of its own. */
const lenientGroups: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

/** True for kinds whose finalizers must be standard ones or have a domain. */
export function needsKubernetesFinalizers(kind: { readonly group: string; readonly custom: boolean }): boolean {
  return !kind.custom && !lenientGroups.has(kind.group);
}
