import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { timestamp } from '../../operations/times.ts';
import type { WriteContext } from '../../strategy.ts';
import { assign, ensureObject, itemsOf, objectAt } from '../object-path.ts';
import { copyOf } from './prepare-object.ts';
import type { KindPreparation } from './kind-preparation.ts';

/** A signing request says who asked, and cannot be changed afterwards; its conditions are dated by the server. */
export const certificatePreparation: KindPreparation = {
  create: (request, { user }) => {
    const spec = ensureObject(request, 'spec');
    assign(spec, 'username', user.name);
    assign(spec, 'uid', user.uid || undefined);
    assign(spec, 'groups', user.groups.length > 0 ? [...user.groups] : undefined);
    const extra = Object.entries(user.extra ?? {}).map(([key, values]) => [key, [...values]]);
    assign(spec, 'extra', extra.length > 0 ? Object.fromEntries(extra) : undefined);
  },
  update: (request, old) => assign(request, 'spec', copyOf(old['spec'])),
  subresources: {
    status: (request, old, context) => {
      assign(request, 'spec', copyOf(old['spec']));
      keepDecisions(request, old);
      dateConditions(request, old, context);
    },
    approval: (request, old, context) => {
      dateConditions(request, old, context);
      const conditions = objectAt(request, 'status')['conditions'];
      assign(request, 'spec', copyOf(old['spec']));
      assign(request, 'status', copyOf(old['status']));
      assign(ensureObject(request, 'status'), 'conditions', conditions);
    },
  },
};

const decisions = new Set<unknown>(['Approved', 'Denied']);

/** Approved and Denied are the business of the approval subresource; here the old ones stay as they are. */
function keepDecisions(request: ObjectValue, old: ObjectValue): void {
  const before = itemsOf(objectAt(old, 'status'), 'conditions').filter(({ type }) => decisions.has(type));
  const conditions = objectAt(request, 'status')['conditions'];
  if (!Array.isArray(conditions)) return;
  for (const [index, condition] of conditions.entries()) {
    if (!isObject(condition) || !decisions.has(condition['type'])) continue;
    const at = before.findIndex(({ type }) => type === condition['type']);
    const [kept] = at < 0 ? [] : before.splice(at, 1);
    if (kept !== undefined) conditions[index] = structuredClone(kept);
  }
}

function dateConditions(request: ObjectValue, old: ObjectValue, { now }: WriteContext): void {
  const time = timestamp(now);
  const before = itemsOf(objectAt(old, 'status'), 'conditions');
  for (const condition of itemsOf(objectAt(request, 'status'), 'conditions')) {
    if (!condition['lastUpdateTime']) condition['lastUpdateTime'] = time;
    if (condition['lastTransitionTime']) continue;
    const same = before.find(({ type, status }) => type === condition['type'] && status === condition['status']);
    condition['lastTransitionTime'] = same?.['lastTransitionTime'] ?? time;
  }
}
