import { textsAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';

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

/** Warnings for finalizers that a custom resource newly carries and that could be anybody's. */
export function finalizerWarnings(object: ObjectValue, old: ObjectValue | undefined): readonly string[] {
  const known = old === undefined ? [] : textsAt(metadataOf(old), 'finalizers');
  const added = textsAt(metadataOf(object), 'finalizers').filter((finalizer) => !known.includes(finalizer));
  return [...new Set(added)]
    .toSorted()
    .filter((finalizer) => !isKubernetesFinalizer(finalizer))
    .map((finalizer) => {
      const path = finalizer.includes('.') ? ' including a path (/)' : '';
      return `metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    });
}
