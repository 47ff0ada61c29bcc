import type { LabelSelector } from '@reeve/api';
import { labelRequirements, matchesLabels } from '@reeve/api';
import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { checkAnnotations, checkLabels } from '../../../meta/validate-metadata.ts';
import { itemsOf, mapAt, maybeObject, objectAt, textAt } from '../../object-path.ts';
import { labelSelector } from '../label-selector-check.ts';
import { checkAppArmor } from '../pod/annotations.ts';
import { checkPodSpec } from '../pod/pod-spec.ts';
import type { Problems } from '../problems.ts';

/** A pod template wherever it stands. */
export function checkTemplate(problems: Problems, path: string, template: ObjectValue): void {
  const metadata = metadataOf(template);
  const spec = objectAt(template, 'spec');
  checkLabels(problems, mapAt(metadata, 'labels'), `${path}.labels`);
  checkAnnotations(problems, mapAt(metadata, 'annotations'), `${path}.annotations`);
  checkPodSpec(problems, `${path}.spec`, spec, '', false);
  checkAppArmor(problems, `${path}.annotations`, `${path}.spec`, metadata, spec);
  if (itemsOf(spec, 'ephemeralContainers').length > 0) {
    problems.forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
  }
}

/** Templates of what keeps pods running: they restart always and have no deadline. */
export function checkRunningTemplate(problems: Problems, path: string, template: ObjectValue, kind: string): void {
  const spec = objectAt(template, 'spec');
  const policy = textAt(spec, 'restartPolicy');
  if (policy !== 'Always') problems.notSupported(`${path}.spec.restartPolicy`, policy, ['Always']);
  if (spec['activeDeadlineSeconds'] === undefined) return;
  problems.forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`);
}

/** A selector that is there, sound and not empty; `emptyName` is how the real server calls the kind. */
export function checkSelector(problems: Problems, path: string, spec: ObjectValue, emptyName: string): void {
  const selector = maybeObject(spec, 'selector');
  if (selector === undefined) return problems.required(path);
  labelSelector(problems, path, selector);
  const isEmpty =
    Object.keys(mapAt(selector, 'matchLabels')).length === 0 && itemsOf(selector, 'matchExpressions').length === 0;
  if (isEmpty) problems.invalid(path, selector, `empty selector is invalid for ${emptyName}`);
}

/** The template's pods must be found by the selector; none is found without one. */
export function checkSelected(problems: Problems, path: string, spec: ObjectValue): void {
  const selector = maybeObject(spec, 'selector');
  const metadata = metadataOf(objectAt(spec, 'template'));
  if (selector !== undefined && matchesLabels(requirementsOf(selector), mapAt(metadata, 'labels'))) return;
  problems.invalid(
    `${path}.metadata.labels`,
    metadata['labels'] ?? null,
    '`selector` does not match template `labels`',
  );
}

/** A selector that cannot be read matches everything here: what is wrong with it is told elsewhere. */
function requirementsOf(selector: ObjectValue): ReturnType<typeof labelRequirements> {
  const operators = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);
  const isSound = itemsOf(selector, 'matchExpressions').every(({ operator }) => operators.has(String(operator)));
  return isSound ? labelRequirements(selector as LabelSelector) : [];
}
