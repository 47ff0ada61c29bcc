import { isObject } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { itemsOf, numberAt, textAt } from '../builtin/object-path.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { creates, isAbout, refused } from './plugin.ts';
import type { StoredObjects } from './stored-objects.ts';

/** Gives pods the priority of their class, or of the default one. */
export function priority(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'Priority',
    mutate(attributes) {
      const { operation, object, old } = attributes;
      const spec = object?.['spec'];
      if (!isAbout(attributes, '', 'pods') || !isObject(spec)) return;
      if (operation === 'UPDATE' && isObject(old?.['spec'])) keepPriority(spec, old['spec']);
      if (operation !== 'CREATE') return;
      const wanted = priorityOf(stored, textAt(spec, 'priorityClassName'));
      if (typeof wanted === 'string') throw refused(attributes, wanted);
      const given = numberAt(spec, 'priority');
      if (given !== undefined && given !== wanted.value) {
        throw refused(
          attributes,
          `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${wanted.value} from the given PriorityClass name`,
        );
      }
      const policy = textAt(spec, 'preemptionPolicy');
      if (policy !== '' && policy !== wanted.policy) {
        throw refused(
          attributes,
          `the string value of PreemptionPolicy (${policy}) must not be provided in pod spec; priority admission controller computed ${wanted.policy} from the given PriorityClass name`,
        );
      }
      Object.assign(spec, { priority: wanted.value, preemptionPolicy: wanted.policy });
      if (wanted.className !== '') spec['priorityClassName'] = wanted.className;
    },
    validate(attributes) {
      const { object } = attributes;
      if (!isAbout(attributes, 'scheduling.k8s.io', 'priorityclasses') || object?.['globalDefault'] !== true) return;
      const other = defaultClass(stored);
      if (other === undefined || (attributes.operation === 'UPDATE' && nameOf(other) === attributes.name)) return;
      const detail = `PriorityClass ${nameOf(other)} is already marked as default. Only one default can exist`;
      throw refused(attributes, detail);
    },
  };
}

interface Priority {
  readonly className: string;
  readonly value: number;
  readonly policy: string;
}

const nameOf = (object: ObjectValue): string => textAt(isObject(object['metadata']) ? object['metadata'] : {}, 'name');

function defaultClass(stored: StoredObjects): ObjectValue | undefined {
  const classes = stored.list('priorityclasses').filter(({ globalDefault }) => globalDefault === true);
  return classes.toSorted((left, right) => (numberAt(left, 'value') ?? 0) - (numberAt(right, 'value') ?? 0))[0];
}

/** A text tells why there is none. */
function priorityOf(stored: StoredObjects, className: string): Priority | string {
  const found = className === '' ? defaultClass(stored) : stored.find('priorityclasses', className);
  if (found === undefined) {
    if (className !== '') return `no PriorityClass with name ${className} was found`;
    return { className: '', value: 0, policy: 'PreemptLowerPriority' };
  }
  const policy = textAt(found, 'preemptionPolicy') || 'PreemptLowerPriority';
  return { className: nameOf(found), value: numberAt(found, 'value') ?? 0, policy };
}

function keepPriority(spec: ObjectValue, before: ObjectValue): void {
  for (const field of ['priority', 'preemptionPolicy']) {
    const value = before[field];
    if (spec[field] === undefined && value !== undefined) spec[field] = value;
  }
}

const evictionDelay = 300;
const lostNodeTaints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/** Pods stay five minutes on a node that is lost, unless they say otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate(attributes) {
    const spec = attributes.object?.['spec'];
    if (!isAbout(attributes, '', 'pods') || attributes.operation === 'DELETE' || !isObject(spec)) return;
    const given = itemsOf(spec, 'tolerations');
    const added = lostNodeTaints.filter((taint) => !given.some((toleration) => concerns(toleration, taint)));
    if (added.length === 0) return;
    spec['tolerations'] = [
      ...given,
      ...added.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: evictionDelay })),
    ];
  },
};

function concerns(toleration: ObjectValue, taint: string): boolean {
  const key = textAt(toleration, 'key');
  const effect = textAt(toleration, 'effect');
  return (key === taint || key === '') && (effect === 'NoExecute' || effect === '');
}

/** New nodes take no pods before they are ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  mutate(attributes) {
    const { object } = attributes;
    if (!creates(attributes, '', 'nodes') || object === undefined) return;
    const spec = isObject(object['spec']) ? object['spec'] : {};
    object['spec'] = spec;
    const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
    const taints = itemsOf(spec, 'taints');
    const isThere = taints.some(({ key, effect }) => key === taint.key && effect === taint.effect);
    if (!isThere) spec['taints'] = [...taints, taint];
  },
};
