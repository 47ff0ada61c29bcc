import { itemsOf, mapAt, maybeObject, objectAt, textAt } from '../../builtin/object-path.ts';
import type { AdmissionAttributes } from '../../parts.ts';
import { invalid } from '../../status-error.ts';
import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refused } from '../plugin.ts';
import type { StoredObjects } from '../stored-objects.ts';
import type { PodForm, Violation } from './checks.ts';
import { securityPolicyOf, strictness } from './policy.ts';
import type { SecurityPolicy } from './policy.ts';
import { levelText, violationsOf } from './standards.ts';

/** Where objects have the template of their pods, by resource. */
const templates: Readonly<Record<string, readonly string[]>> = {
  '/podtemplates': ['template'],
  '/replicationcontrollers': ['spec', 'template'],
  'apps/daemonsets': ['spec', 'template'],
  'apps/deployments': ['spec', 'template'],
  'apps/replicasets': ['spec', 'template'],
  'apps/statefulsets': ['spec', 'template'],
  'batch/cronjobs': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/jobs': ['spec', 'template'],
};

/** Subresources of pods that do not change what a pod may do. */
const ignored = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);
const mostPods = 3000;

const formOf = (pod: ObjectValue): PodForm => ({
  annotations: mapAt(metadataOf(pod), 'annotations'),
  spec: objectAt(pod, 'spec'),
});

const detailsOf = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');

/** Keeps pods to the Pod Security Standard that their namespace asks for. */
export function podSecurity(stored: StoredObjects): AdmissionPlugin {
  const policyOf = (namespace: string): SecurityPolicy =>
    securityPolicyOf(mapAt(metadataOf(stored.find('namespaces', namespace) ?? {}), 'labels'));
  return {
    name: 'PodSecurity',
    validate(attributes) {
      const { operation, resource, subresource, object, namespace } = attributes;
      if (object === undefined || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
      if (resource.group === '' && resource.plural === 'namespaces') {
        if (subresource === '') checkNamespace(attributes, object, stored);
        return;
      }
      if (resource.group === '' && resource.plural === 'pods') {
        if (ignored.has(subresource) || !isSignificant(object, attributes.old)) return;
        return checkPod(attributes, policyOf(namespace), formOf(object), true);
      }
      const path = templates[`${resource.group}/${resource.plural}`];
      if (path === undefined || subresource !== '') return;
      const template = path.reduce<ObjectValue | undefined>((at, key) => maybeObject(at, key), object);
      if (template !== undefined) checkPod(attributes, policyOf(namespace), formOf(template), false);
    },
  };
}

function checkPod(attributes: AdmissionAttributes, policy: SecurityPolicy, pod: PodForm, isEnforced: boolean): void {
  if (isEnforced) {
    const violations = violationsOf(policy.enforce, pod);
    if (violations.length > 0) {
      const level = JSON.stringify(levelText(policy.enforce));
      throw refused(attributes, `violates PodSecurity ${level}: ${detailsOf(violations)}`);
    }
  }
  const violations = violationsOf(policy.warn, pod);
  if (violations.length === 0) return;
  attributes.warn(`would violate PodSecurity ${JSON.stringify(levelText(policy.warn))}: ${detailsOf(violations)}`);
}

/** Only new containers and new images are looked at again. */
function isSignificant(pod: ObjectValue, old: ObjectValue | undefined): boolean {
  if (old === undefined) return true;
  const [spec, before] = [objectAt(pod, 'spec'), objectAt(old, 'spec')];
  return ['containers', 'initContainers', 'ephemeralContainers'].some((list) => {
    const [now, earlier] = [itemsOf(spec, list), itemsOf(before, list)];
    if (now.length !== earlier.length) return true;
    return now.some((container, index) => textAt(container, 'image') !== textAt(earlier[index], 'image'));
  });
}

function checkNamespace(attributes: AdmissionAttributes, namespace: ObjectValue, stored: StoredObjects): void {
  const name = textAt(metadataOf(namespace), 'name');
  const policy = securityPolicyOf(mapAt(metadataOf(namespace), 'labels'));
  const before = attributes.old && securityPolicyOf(mapAt(metadataOf(attributes.old), 'labels'));
  if (policy.errors.length > 0 && JSON.stringify(before?.errors) !== JSON.stringify(policy.errors)) {
    throw invalid({ group: '', kind: 'Namespace' }, name, policy.errors);
  }
  if (before === undefined || levelText(before.enforce) === levelText(policy.enforce)) return;
  const isRelaxed =
    before.enforce.minor === policy.enforce.minor &&
    strictness(policy.enforce.level) <= strictness(before.enforce.level);
  if (!isRelaxed) for (const text of podWarnings(name, policy, stored)) attributes.warn(text);
}

/** What is wrong with pods that are already there, once for all pods with the same faults. */
function podWarnings(namespace: string, { enforce }: SecurityPolicy, stored: StoredObjects): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const pod of stored.list('pods', namespace).slice(0, mostPods)) {
    const violations = violationsOf(enforce, formOf(pod));
    if (violations.length === 0) continue;
    const reason = violations.map((violation) => violation.reason).join(', ');
    byReason.set(reason, [...(byReason.get(reason) ?? []), textAt(metadataOf(pod), 'name')]);
  }
  if (byReason.size === 0) return [];
  const lines = [...byReason].map(([reason, names]) => {
    const [first = ''] = names.toSorted();
    const others = names.length - 1;
    const more = others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'pod' : 'pods'})`;
    return `${first}${more}: ${reason}`;
  });
  const level = JSON.stringify(levelText(enforce));
  const head = `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${level}`;
  return [head, ...lines.sort()];
}
