import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { assign, itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { checkImmutable } from '../immutable.ts';
import { labelSelector } from '../label-selector-check.ts';
import { hostnameWarnings } from '../name-warnings.ts';
import { dnsLabel } from '../names.ts';
import { templateWarnings } from '../pod/pod-warnings.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { domainPath } from '../domain-path.ts';
import { checkCounts } from './counts.ts';
import { checkFailurePolicy, checkReplacement, checkSuccessPolicy } from './job-policies.ts';
import { checkJobStatus } from './job-status.ts';
import { checkSelected, checkTemplate } from './template.ts';

const maxParallelism = 100_000;
const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
];

/** A job's spec without its selector, which CronJobs leave out. */
export function checkJobSpec(problems: Problems, path: string, spec: ObjectValue): void {
  checkCounts(problems, path, spec, counts);
  if (spec['maxFailedIndexes'] !== undefined && spec['backoffLimitPerIndex'] === undefined) {
    problems.required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
  }
  const manager = spec['managedBy'];
  if (typeof manager === 'string') domainPath(problems, `${path}.managedBy`, manager);
  const mode = textAt(spec, 'completionMode') || 'NonIndexed';
  if (mode === 'Indexed') checkIndexed(problems, path, spec);
  else if (mode !== 'NonIndexed') {
    problems.notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']);
  } else {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
      if (spec[field] !== undefined) {
        problems.invalid(`${path}.${field}`, spec[field], 'requires indexed completion mode');
      }
    }
  }
  const failures = maybeObject(spec, 'podFailurePolicy');
  if (failures !== undefined) checkFailurePolicy(problems, `${path}.podFailurePolicy`, failures, spec);
  const success = maybeObject(spec, 'successPolicy');
  if (success !== undefined) {
    if (mode === 'Indexed') checkSuccessPolicy(problems, `${path}.successPolicy`, success, spec);
    else problems.invalid(`${path}.successPolicy`, success, 'requires indexed completion mode');
  }
  checkReplacement(problems, `${path}.podReplacementPolicy`, spec);
  checkTemplate(problems, `${path}.template`, objectAt(spec, 'template'));
  checkRestartPolicy(problems, `${path}.template.spec.restartPolicy`, spec);
}

function checkIndexed(problems: Problems, path: string, spec: ObjectValue): void {
  const completions = numberAt(spec, 'completions');
  const parallelism = numberAt(spec, 'parallelism') ?? 0;
  const failed = numberAt(spec, 'maxFailedIndexes');
  if (completions === undefined) problems.required(`${path}.completions`, 'when completion mode is Indexed');
  if (parallelism > maxParallelism) {
    const detail = `must be less than or equal to ${maxParallelism} when completion mode is Indexed`;
    problems.invalid(`${path}.parallelism`, parallelism, detail);
  }
  if (completions !== undefined && failed !== undefined && failed > completions) {
    problems.invalid(`${path}.maxFailedIndexes`, failed, 'must be less than or equal to completions');
  }
  if (failed !== undefined && failed > maxParallelism) {
    problems.invalid(`${path}.maxFailedIndexes`, failed, `must be less than or equal to ${maxParallelism}`);
  }
}

function checkRestartPolicy(problems: Problems, path: string, spec: ObjectValue): void {
  const policy = textAt(objectAt(objectAt(spec, 'template'), 'spec'), 'restartPolicy');
  if (policy === 'Always' || policy === '') problems.required(path, 'valid values: "OnFailure", "Never"');
  else if (policy !== 'OnFailure' && policy !== 'Never') problems.notSupported(path, policy, ['OnFailure', 'Never']);
  else if (maybeObject(spec, 'podFailurePolicy') !== undefined && policy !== 'Never') {
    problems.invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified');
  }
}

function checkWhole(problems: Problems, job: ObjectValue): void {
  const spec = objectAt(job, 'spec');
  checkJobSpec(problems, 'spec', spec);
  const selector = maybeObject(spec, 'selector');
  if (selector === undefined) problems.required('spec.selector');
  else labelSelector(problems, 'spec.selector', selector);
  checkSelected(problems, 'spec.template', spec);
}

/** The labels that a generated selector rests on must be the job's own. */
function checkGenerated(problems: Problems, job: ObjectValue): void {
  const spec = objectAt(job, 'spec');
  if (spec['manualSelector'] === true || maybeObject(spec, 'selector') === undefined) return;
  const metadata = metadataOf(job);
  const labels = mapAt(metadataOf(objectAt(spec, 'template')), 'labels');
  const wanted: readonly (readonly [string, string])[] = [
    ['controller-uid', textAt(metadata, 'uid')],
    ['job-name', textAt(metadata, 'name')],
    ['batch.kubernetes.io/controller-uid', textAt(metadata, 'uid')],
    ['batch.kubernetes.io/job-name', textAt(metadata, 'name')],
  ];
  for (const [label, value] of wanted) {
    const given = labels[label];
    const path = 'spec.template.metadata.labels';
    if (given === undefined) problems.required(path, `must be '${value}'`);
    else if (given !== value) problems.invalid(path, labels, `must be '${value}'`);
  }
  const expected = Object.fromEntries(wanted);
  const match = mapAt(objectAt(spec, 'selector'), 'matchLabels');
  const isOwn = Object.entries(match).every(([key, value]) => expected[key] === value);
  if (!isOwn || itemsOf(objectAt(spec, 'selector'), 'matchExpressions').length > 0) {
    problems.invalid('spec.selector', spec['selector'], '`selector` not auto-generated');
  }
}

function checkUpdate(problems: Problems, job: ObjectValue, old: ObjectValue): void {
  checkJob(problems, job);
  checkWhole(problems, job);
  const spec = objectAt(job, 'spec');
  const before = objectAt(old, 'spec');
  checkCompletions(problems, spec, before, job, old);
  checkImmutable(problems, 'spec.selector', job, old);
  checkTemplateUpdate(problems, spec, before, old);
  for (const field of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy']) {
    checkImmutable(problems, `spec.${field}`, job, old);
  }
}

function checkCompletions(
  problems: Problems,
  spec: ObjectValue,
  before: ObjectValue,
  job: ObjectValue,
  old: ObjectValue,
): void {
  if (textAt(spec, 'completionMode') !== 'Indexed') return checkImmutable(problems, 'spec.completions', job, old);
  const completions = numberAt(spec, 'completions');
  if (completions === numberAt(before, 'completions') || completions === numberAt(spec, 'parallelism')) return;
  problems.invalid('spec.completions', completions ?? null, 'can only be modified in tandem with spec.parallelism');
}

/** What a suspended job that runs no pods may still change in its template (KEP-2926). */
const scheduling = ['nodeSelector', 'tolerations', 'schedulingGates'];

function checkTemplateUpdate(problems: Problems, spec: ObjectValue, before: ObjectValue, old: ObjectValue): void {
  const template = objectAt(spec, 'template');
  const earlier = objectAt(before, 'template');
  if (before['suspend'] !== true) {
    if (!semanticallyEqual(template, earlier)) problems.invalid('spec.template', template, 'field is immutable');
    return;
  }
  const podSpec = objectAt(template, 'spec');
  const kept = { ...objectAt(earlier, 'spec') };
  if (isIdle(old)) {
    for (const field of scheduling) assign(kept, field, podSpec[field]);
    keepAffinity(kept, podSpec);
    for (const list of ['containers', 'initContainers']) keepResources(kept, podSpec, list);
    if (!semanticallyEqual(podSpec, kept)) problems.invalid('spec.template.spec', podSpec, 'field is immutable');
  } else if (!semanticallyEqual(template, earlier)) problems.invalid('spec.template', template, 'field is immutable');
}

function isIdle(job: ObjectValue): boolean {
  const status = objectAt(job, 'status');
  const isSuspended = itemsOf(status, 'conditions').some(
    (condition) => condition['type'] === 'Suspended' && condition['status'] === 'True',
  );
  return status['startTime'] === undefined || (isSuspended && (numberAt(status, 'active') ?? 0) === 0);
}

/** Only the affinity to nodes may change. */
function keepAffinity(kept: ObjectValue, podSpec: ObjectValue): void {
  const affinity = { ...objectAt(kept, 'affinity') };
  assign(affinity, 'nodeAffinity', objectAt(podSpec, 'affinity')['nodeAffinity']);
  const isNone = Object.keys(affinity).length === 0 && podSpec['affinity'] === undefined;
  assign(kept, 'affinity', isNone ? undefined : affinity);
  if (Object.keys(affinity).length === 0) assign(kept, 'affinity', podSpec['affinity']);
}

function keepResources(kept: ObjectValue, podSpec: ObjectValue, list: string): void {
  const before = itemsOf(kept, list);
  const containers = itemsOf(podSpec, list);
  if (containers.length !== before.length || before.length === 0) return;
  kept[list] = before.map((container, index) => {
    const now = containers[index];
    if (now?.['name'] !== container['name']) return container;
    const made = { ...container };
    assign(made, 'resources', now?.['resources']);
    return made;
  });
}

function checkJob(problems: Problems, job: ObjectValue): void {
  checkGenerated(problems, job);
  checkWhole(problems, job);
  const completions = numberAt(objectAt(job, 'spec'), 'completions') ?? 0;
  const name = textAt(metadataOf(job), 'name');
  if (objectAt(job, 'spec')['completionMode'] !== 'Indexed' || completions <= 0) return;
  const longest = `${name}-${completions - 1}`;
  if (dnsLabel(longest).length === 0) return;
  problems.invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${longest}`);
}

export const jobValidator: Validator = validator({
  create: checkJob,
  update: checkUpdate,
  subresources: { status: checkJobStatus },
  warnings: (job, old, { subresource }) =>
    subresource === ''
      ? [
          ...hostnameWarnings(job, old),
          ...templateWarnings('spec.template', objectAt(objectAt(job, 'spec'), 'template')),
        ]
      : [],
});
