import { addQuantities, compareQuantities, formatQuantity, parseQuantity, subtractQuantities } from '@reeve/api';
import { itemsOf, mapAt, objectAt, textAt, textsAt } from '../builtin/object-path.ts';
import type { WriteRequest } from '../operations/operations.ts';
import type { AdmissionAttributes, Core } from '../parts.ts';
import { loopbackUser } from '../request/user.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { refused } from './plugin.ts';
import { evaluatorOf } from './quota-evaluators.ts';
import type { Amounts, QuotaEvaluator, ScopeSelector } from './quota-evaluators.ts';

/** What an object is charged with, and what it is charged to. */
interface Charge {
  readonly attributes: AdmissionAttributes;
  readonly evaluator: QuotaEvaluator;
  readonly object: ObjectValue;
}

/** Charges new objects to the quotas of their namespace, and refuses what would exceed one. */
export function resourceQuota({ registry, operations, options }: Core): AdmissionPlugin {
  return {
    name: 'ResourceQuota',
    async validate(attributes) {
      const { object, namespace, dryRun } = attributes;
      const quotas = registry.find('', 'v1', 'resourcequotas');
      if (object === undefined || namespace === '' || quotas === undefined) return;
      const evaluator = evaluatorOf(attributes);
      if (evaluator === undefined) return;
      const found = operations.list(quotas, namespace);
      const charge = { attributes, evaluator, object };
      const charged = found.filter((quota) => chargedTo(quota, charge) !== undefined);
      if (dryRun) return;
      for (const quota of charged) {
        const change = (current: ObjectValue | undefined): ObjectValue =>
          current === undefined ? quota : (chargedTo(current, charge) ?? current);
        const name = textAt(metadataOf(quota), 'name');
        await operations.update(quotas, namespace, name, change, serverRequest(options.clock.now()));
      }
    },
  };
}

const serverRequest = (now: number): WriteRequest => ({
  user: loopbackUser,
  now,
  dryRun: false,
  fieldManager: 'kube-apiserver',
  subresource: 'status',
  warn: () => {},
});

/** The quota with the object charged to it; undefined if nothing is. Throws if it would be exceeded. */
function chargedTo(quota: ObjectValue, { attributes, evaluator, object }: Charge): ObjectValue | undefined {
  const status = objectAt(quota, 'status');
  const hard = mapAt(status, 'hard');
  const used = mapAt(status, 'used');
  const name = textAt(metadataOf(quota), 'name');
  const names = Object.keys(hard).filter((resource) => evaluator.counts(resource));
  const selectors = selectorsOf(quota);
  const isFor = (item: ObjectValue): boolean => selectors.every((selector) => evaluator.isInScope(selector, item));
  if (names.length === 0 || !isFor(object)) return undefined;
  const missing = evaluator.missing(names, object);
  if (missing !== undefined) throw refused(attributes, `failed quota: ${name}: must specify ${missing}`);
  const unknown = names.filter((resource) => !(resource in used));
  if (unknown.length > 0) {
    throw refused(attributes, `status unknown for quota: ${name}, resources: ${names.toSorted().join(',')}`);
  }
  const before = attributes.old !== undefined && isFor(attributes.old) ? evaluator.usage(attributes.old) : {};
  const requested = increase(evaluator.usage(object), before, hard);
  if (Object.keys(requested).length === 0) return undefined;
  const total = Object.fromEntries(
    Object.entries(requested).map(([resource, amount]) => [resource, add(used[resource] ?? '0', amount)]),
  );
  const exceeded = Object.keys(requested).filter(
    (resource) => compareQuantities(total[resource] ?? '0', hard[resource] ?? '0') > 0,
  );
  if (exceeded.length > 0) {
    const shown = (amounts: Amounts): string =>
      exceeded
        .toSorted()
        .map((resource) => `${resource}=${amounts[resource] ?? '0'}`)
        .join(',');
    const detail = `requested: ${shown(requested)}, used: ${shown(used)}, limited: ${shown(hard)}`;
    throw refused(attributes, `exceeded quota: ${name}, ${detail}`);
  }
  return { ...quota, status: { ...status, used: { ...used, ...total } } };
}

const add = (left: string, right: string): string =>
  formatQuantity(addQuantities(parseQuantity(left), parseQuantity(right)));

/** What an object uses more than before, of what the quota limits; never less than nothing. */
function increase(usage: Amounts, before: Amounts, hard: Amounts): Amounts {
  const grown = Object.entries(usage).flatMap(([resource, amount]) => {
    if (!(resource in hard)) return [];
    const more = subtractQuantities(parseQuantity(amount), parseQuantity(before[resource] ?? '0'));
    return more.nano > 0n ? [[resource, resource in before ? formatQuantity(more) : amount] as const] : [];
  });
  return Object.fromEntries(grown);
}

function selectorsOf(quota: ObjectValue): readonly ScopeSelector[] {
  const spec = objectAt(quota, 'spec');
  return [
    ...textsAt(spec, 'scopes').map((scope) => ({ scope, operator: 'Exists', values: [] })),
    ...itemsOf(objectAt(spec, 'scopeSelector'), 'matchExpressions').map((selector) => ({
      scope: textAt(selector, 'scopeName'),
      operator: textAt(selector, 'operator'),
      values: textsAt(selector, 'values'),
    })),
  ];
}
