import { timestamp } from '../operations/times.ts';
import { metadataOf, type ObjectValue } from '../value.ts';
import { setCondition } from './definition-status.ts';

/** Keeps a definition that is being deleted until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export const finalizersOf = (definition: ObjectValue): readonly string[] => {
  const { finalizers } = metadataOf(definition);
  return Array.isArray(finalizers) ? finalizers.map(String) : [];
};

/** What the first DELETE does to a definition: it stays, terminating, until its objects are gone. */
export function beginDeletion(definition: ObjectValue, now: number): void {
  const metadata = metadataOf(definition);
  metadata['deletionTimestamp'] = timestamp(now);
  if (!finalizersOf(definition).includes(cleanupFinalizer))
    metadata['finalizers'] = [...finalizersOf(definition), cleanupFinalizer];
  setCondition(
    definition,
    {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    },
    now,
  );
}
