import { qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { isKubernetesFinalizer } from '../../../meta/finalizers.ts';
import { objectAt, textsAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';

/** `spec.finalizers` of a namespace. */
export function checkFinalizerNames(problems: Problems, namespace: ObjectValue): void {
  for (const [index, finalizer] of textsAt(objectAt(namespace, 'spec'), 'finalizers').entries()) {
    problems.text('spec.finalizers', finalizer, qualifiedNameErrors);
    if (isKubernetesFinalizer(finalizer)) continue;
    const detail = 'name is neither a standard finalizer name nor is it fully qualified';
    problems.invalid(`spec.finalizers[${index}]`, finalizer, detail);
  }
}
