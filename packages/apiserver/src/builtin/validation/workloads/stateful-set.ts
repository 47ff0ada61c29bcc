import type { ObjectValue } from '../../../value.ts';
import { metadataOf } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { assign, itemsOf, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { nonNegative } from '../checks.ts';
import { checkClaimSpec } from '../claim-spec.ts';
import { dnsLabel } from '../names.ts';
import { templateWarnings } from '../pod/pod-warnings.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkCollisions, checkCounts, checkStatusCounts } from './counts.ts';
import { checkRunningTemplate, checkSelected, checkSelector, checkTemplate } from './template.ts';

const retentions = ['Retain', 'Delete'];

function checkSpec(problems: Problems, spec: ObjectValue, isNew: boolean): void {
  const management = textAt(spec, 'podManagementPolicy');
  if (management !== 'OrderedReady' && management !== 'Parallel') {
    problems.invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'");
  }
  checkStrategy(problems, 'spec.updateStrategy', objectAt(spec, 'updateStrategy'));
  const retention = objectAt(spec, 'persistentVolumeClaimRetentionPolicy');
  for (const field of ['whenDeleted', 'whenScaled']) {
    const value = textAt(retention, field);
    const path = `spec.persistentVolumeClaimRetentionPolicy.${field}`;
    if (!retentions.includes(value)) problems.notSupported(path, value, retentions);
  }
  if (isNew) checkClaims(problems, spec);
  checkCounts(problems, 'spec', spec, ['replicas', 'minReadySeconds']);
  nonNegative(problems, 'spec.ordinals.start', objectAt(spec, 'ordinals')['start']);
  const service = textAt(spec, 'serviceName');
  if (isNew && service !== '') problems.text('spec.serviceName', service, dnsLabel);
  checkSelector(problems, 'spec.selector', spec, 'statefulset');
  checkSelected(problems, 'spec.template', spec);
  checkTemplate(problems, 'spec.template', templateWithClaims(spec));
  checkRunningTemplate(problems, 'spec.template', objectAt(spec, 'template'), 'StatefulSet');
}

function checkClaims(problems: Problems, spec: ObjectValue): void {
  for (const [index, claim] of itemsOf(spec, 'volumeClaimTemplates').entries()) {
    checkClaimSpec(problems, `spec.volumeClaimTemplates[${index}].spec`, objectAt(claim, 'spec'));
  }
}

function checkStrategy(problems: Problems, path: string, strategy: ObjectValue): void {
  const rolling = maybeObject(strategy, 'rollingUpdate');
  switch (strategy['type']) {
    case 'OnDelete':
      if (rolling === undefined) return;
      return problems.invalid(`${path}.rollingUpdate`, rolling, "only allowed for updateStrategy 'RollingUpdate'");
    case 'RollingUpdate':
      return nonNegative(problems, `${path}.rollingUpdate.partition`, rolling?.['partition']);
    default:
      problems.invalid(path, strategy, "must be 'RollingUpdate' or 'OnDelete'");
  }
}

/** The template as its pods will be: with a volume for each claim, and names set by the controller. */
function templateWithClaims(spec: ObjectValue): ObjectValue {
  const template = objectAt(spec, 'template');
  const names = itemsOf(spec, 'volumeClaimTemplates').map((claim) => textAt(metadataOf(claim), 'name'));
  const { subdomain: _, hostname: __, ...podSpec } = objectAt(template, 'spec');
  const claims = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = itemsOf(podSpec, 'volumes').filter((volume) => !names.includes(textAt(volume, 'name')));
  const volumes = [...claims, ...others];
  return { ...template, spec: { ...podSpec, ...(volumes.length > 0 ? { volumes } : {}) } };
}

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

const statusCounts = [
  'replicas',
  'readyReplicas',
  'currentReplicas',
  'updatedReplicas',
  'availableReplicas',
  'observedGeneration',
  'collisionCount',
];

export const statefulSetValidator: Validator = validator({
  create: (problems, object) => checkSpec(problems, objectAt(object, 'spec'), true),
  update: (problems, object, old) => {
    const spec = objectAt(object, 'spec');
    const before = objectAt(old, 'spec');
    checkSpec(problems, spec, false);
    const kept: ObjectValue = { ...spec };
    for (const field of changeable) assign(kept, field, before[field]);
    if (semanticallyEqual(kept, before)) return;
    problems.forbidden(
      'spec',
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    );
  },
  subresources: {
    status: (problems, object, old) => {
      const parts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'];
      checkStatusCounts(problems, object, statusCounts, parts, 'status.readyReplicas');
      checkCollisions(problems, object, old);
    },
  },
  warnings: (object, _, { subresource }) => {
    if (subresource !== '') return [];
    const spec = objectAt(object, 'spec');
    const limit = numberAt(spec, 'revisionHistoryLimit') ?? 0;
    return [
      ...templateWarnings('spec.template', objectAt(spec, 'template')),
      ...(limit < 0
        ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
        : []),
    ];
  },
});
