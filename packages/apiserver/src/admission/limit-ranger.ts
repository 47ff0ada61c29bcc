import { compareQuantities, parseQuantity } from '@reeve/api';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { podTotals } from '../builtin/defaults/pod-resource-defaults.ts';
import { ensureObject, itemsOf, mapAt, objectAt, textAt } from '../builtin/object-path.ts';
import type { AdmissionAttributes } from '../parts.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { creates, isAbout, refused } from './plugin.ts';
import type { StoredObjects } from './stored-objects.ts';

type Amounts = Readonly<Record<string, string>>;

interface Usage {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** Keeps pods and claims within the limits of their namespace, and fills in its defaults. */
export function limitRanger(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'LimitRanger',
    mutate(attributes) {
      const spec = attributes.object?.['spec'];
      if (!creates(attributes, '', 'pods') || attributes.object === undefined || !isObject(spec)) return;
      for (const range of stored.list('limitranges', attributes.namespace)) setDefaults(attributes.object, spec, range);
    },
    validate(attributes) {
      const { object, namespace } = attributes;
      const usages = usagesOf(attributes);
      if (object === undefined || usages === undefined) return;
      for (const range of stored.list('limitranges', namespace)) {
        const problems = itemsOf(objectAt(range, 'spec'), 'limits').flatMap((limit) => {
          const type = textAt(limit, 'type');
          return (usages[type] ?? []).flatMap((usage) => violations(type, limit, usage));
        });
        const distinct = [...new Set(problems)];
        const [first] = distinct;
        if (first !== undefined) throw refused(attributes, distinct.length === 1 ? first : `[${distinct.join(', ')}]`);
      }
    },
  };
}

function setDefaults(pod: ObjectValue, spec: ObjectValue, range: ObjectValue): void {
  const items = itemsOf(objectAt(range, 'spec'), 'limits').filter(({ type }) => type === 'Container');
  const defaults = {
    limits: Object.assign({}, ...items.map((item) => mapAt(item, 'default'))) as Amounts,
    requests: Object.assign({}, ...items.map((item) => mapAt(item, 'defaultRequest'))) as Amounts,
  };
  const notes = [
    ...itemsOf(spec, 'containers').flatMap((container) => fill(container, defaults, 'container')),
    ...itemsOf(spec, 'initContainers').flatMap((container) => fill(container, defaults, 'init container')),
  ];
  if (notes.length === 0) return;
  const annotations = ensureObject(metadataOf(pod), 'annotations');
  annotations['kubernetes.io/limit-ranger'] = `LimitRanger plugin set: ${notes.join('; ')}`;
}

function fill(container: ObjectValue, defaults: Usage, what: string): readonly string[] {
  return (['requests', 'limits'] as const).flatMap((part) => {
    const resources = ensureObject(container, 'resources');
    const given = mapAt(resources, part);
    const added = Object.keys(defaults[part]).filter((name) => !(name in given));
    if (added.length === 0) return [];
    resources[part] = { ...defaults[part], ...given };
    return [`${added.toSorted().join(', ')} ${part.slice(0, -1)} for ${what} ${textAt(container, 'name')}`];
  });
}

/** What each type of limit is held against. */
function usagesOf(attributes: AdmissionAttributes): Readonly<Record<string, readonly Usage[]>> | undefined {
  const { object, operation, subresource, resource } = attributes;
  const spec = objectAt(object, 'spec');
  const isResize = operation === 'UPDATE' && subresource === 'resize' && resource.plural === 'pods';
  if (creates(attributes, '', 'pods') || isResize) {
    const containers = [...itemsOf(spec, 'containers'), ...itemsOf(spec, 'initContainers')];
    return {
      Container: containers.map((container) => usageOf(objectAt(container, 'resources'))),
      Pod: [podUsage(spec)],
    };
  }
  if (!isAbout(attributes, '', 'persistentvolumeclaims') || operation === 'DELETE') return undefined;
  return { PersistentVolumeClaim: [{ requests: mapAt(objectAt(spec, 'resources'), 'requests'), limits: {} }] };
}

function usageOf(resources: ObjectValue): Usage {
  return { requests: mapAt(resources, 'requests'), limits: mapAt(resources, 'limits') };
}

function podUsage(spec: ObjectValue): Usage {
  const whole = usageOf(objectAt(spec, 'resources'));
  return {
    requests: { ...podTotals(spec, 'requests'), ...whole.requests },
    limits: { ...podTotals(spec, 'limits'), ...whole.limits },
  };
}

function violations(type: string, limit: ObjectValue, usage: Usage): readonly string[] {
  const each = (part: string, check: (name: string, bound: string) => string | undefined): readonly string[] =>
    Object.entries(mapAt(limit, part)).flatMap(([name, bound]) => check(name, bound) ?? []);
  return [
    ...each('min', (name, bound) => belowMinimum(type, name, bound, usage)),
    ...each('max', (name, bound) => aboveMaximum(type, name, bound, usage)),
    ...each('maxLimitRequestRatio', (name, bound) => aboveRatio(type, name, bound, usage)),
  ];
}

function belowMinimum(type: string, name: string, bound: string, usage: Usage): string | undefined {
  const request = usage.requests[name];
  const limit = usage.limits[name];
  const text = `minimum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${text}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${text}, but request is ${request}`;
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${text}, but limit is ${limit}` : undefined;
}

function aboveMaximum(type: string, name: string, bound: string, usage: Usage): string | undefined {
  const request = usage.requests[name];
  const limit = usage.limits[name];
  const text = `maximum ${name} usage per ${type} is ${bound}`;
  const isAbove = (amount: string | undefined): boolean => amount !== undefined && compareQuantities(amount, bound) > 0;
  if (type === 'PersistentVolumeClaim') {
    if (request === undefined) return `${text}.  No request is specified`;
  } else {
    if (limit === undefined) return `${text}.  No limit is specified`;
    if (isAbove(limit)) return `${text}, but limit is ${limit}`;
  }
  return isAbove(request) ? `${text}, but request is ${request ?? ''}` : undefined;
}

function aboveRatio(type: string, name: string, bound: string, { requests, limits }: Usage): string | undefined {
  const text = `${name} max limit to request ratio per ${type} is ${bound}`;
  const request = amount(requests[name]);
  const limit = amount(limits[name]);
  if (request === 0) return `${text}, but no request is specified or request is 0`;
  if (limit === 0) return `${text}, but no limit is specified or limit is 0`;
  const ratio = limit / request;
  return ratio > amount(bound) ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function amount(quantity: string | undefined): number {
  return quantity === undefined ? 0 : Number(parseQuantity(quantity).nano) / 1e9;
}
