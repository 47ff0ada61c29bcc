import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { itemsOf, mapAt, maybeObject, objectAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';

/** Where a pod held back by gates may run can only be narrowed (KEP-3838). */
export function checkNarrowed(problems: Problems, spec: ObjectValue, before: ObjectValue): void {
  const selector = mapAt(spec, 'nodeSelector');
  const isKept = Object.entries(mapAt(before, 'nodeSelector')).every(([key, value]) => selector[key] === value);
  if (!isKept) {
    const detail = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    problems.invalid('spec.nodeSelector', selector, detail);
  }
  const [now, old] = [spec, before].map((part) => maybeObject(objectAt(part, 'affinity'), 'nodeAffinity'));
  if (semanticallyEqual(now, old)) return;
  const terms = itemsOf(objectAt(now, required), 'nodeSelectorTerms');
  const earlier = itemsOf(objectAt(old, required), 'nodeSelectorTerms');
  const path = `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms`;
  if (earlier.length > 0 && earlier.length !== terms.length) {
    const detail = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return problems.invalid(path, terms, detail);
  }
  for (const [index, term] of earlier.entries()) {
    const changed = terms[index] ?? {};
    if (hasOnlyAdditions(changed, term)) continue;
    problems.invalid(`${path}[${index}]`, changed, 'only additions are allowed (no mutations or deletions)');
  }
}

function hasOnlyAdditions(term: ObjectValue, before: ObjectValue): boolean {
  const lists = ['matchExpressions', 'matchFields'];
  const isEmpty = lists.every((list) => itemsOf(before, list).length === 0);
  if (isEmpty && lists.some((list) => itemsOf(term, list).length > 0)) return false;
  return lists.every((list) => {
    const earlier = [...itemsOf(before, list)];
    return semanticallyEqual(itemsOf(term, list).slice(0, earlier.length), earlier);
  });
}
