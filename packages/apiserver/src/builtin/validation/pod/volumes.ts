import { isObject, metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, objectAt, textAt } from '../../object-path.ts';
import { volumeSources } from '../../defaults/volume-defaults.ts';
import { checkLabels, checkAnnotations } from '../../../meta/validate-metadata.ts';
import { mapAt } from '../../object-path.ts';
import type { Check } from '../checks.ts';
import { checkClaimSpec } from '../claim-spec.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import { Problems } from '../problems.ts';
import { checkProjected } from './projected-volume.ts';
import { volumeSourceChecks } from './volume-sources.ts';

const sourceChecks: Readonly<Record<string, Check>> = { ...volumeSourceChecks, projected: checkProjected };

/** The volumes that containers may mount, by name: those without a fault. */
export type SoundVolumes = ReadonlyMap<string, ObjectValue>;

/** Volumes of a pod or template; `podName` is empty in templates. */
export function checkVolumes(problems: Problems, path: string, spec: ObjectValue, podName: string): SoundVolumes {
  const volumes = itemsOf(spec, 'volumes');
  const sound = new Map<string, ObjectValue>();
  const made = new Set(
    volumes.flatMap((volume) =>
      podName !== '' && isObject(volume['ephemeral']) ? `${podName}-${textAt(volume, 'name')}` : [],
    ),
  );
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(volume, 'name');
    const own = new Problems();
    checkSource(own, at, volume, podName);
    if (name === '') own.required(`${at}.name`);
    else own.text(`${at}.name`, name, dnsLabel);
    if (sound.has(name)) own.duplicate(`${at}.name`, name);
    if (own.errors.length === 0) sound.set(name, volume);
    problems.errors.push(...own.errors);
    const claim = textAt(maybeObject(volume, 'persistentVolumeClaim'), 'claimName');
    if (made.has(claim)) {
      const detail = 'must not reference a PVC that gets created for an ephemeral volume';
      problems.invalid(`${at}.persistentVolumeClaim.claimName`, claim, detail);
    }
  }
  return sound;
}

function checkSource(problems: Problems, path: string, volume: ObjectValue, podName: string): void {
  let count = 0;
  for (const source of volumeSources()) {
    if (!isObject(volume[source])) continue;
    count += 1;
    if (count > 1) problems.forbidden(`${path}.${source}`, 'may not specify more than 1 volume type');
    else if (source === 'ephemeral') checkEphemeral(problems, path, volume, podName);
    else sourceChecks[source]?.(problems, `${path}.${source}`, volume[source]);
  }
  if (count === 0) problems.required(path, 'must specify a volume type');
}

function checkEphemeral(problems: Problems, path: string, volume: ObjectValue, podName: string): void {
  const at = `${path}.ephemeral.volumeClaimTemplate`;
  const template = maybeObject(objectAt(volume, 'ephemeral'), 'volumeClaimTemplate');
  if (template === undefined) problems.required(at);
  else {
    const metadata = metadataOf(template);
    for (const field of ['name', 'generateName', 'namespace', 'ownerReferences', 'finalizers']) {
      if (metadata[field] !== undefined) problems.forbidden(`${at}.metadata.${field}`, 'cannot be set');
    }
    checkLabels(problems, mapAt(metadata, 'labels'), `${at}.metadata.labels`);
    checkAnnotations(problems, mapAt(metadata, 'annotations'), `${at}.metadata.annotations`);
    checkClaimSpec(problems, `${at}.spec`, objectAt(template, 'spec'));
  }
  const name = textAt(volume, 'name');
  if (podName === '' || name === '') return;
  for (const detail of dnsSubdomain(`${podName}-${name}`)) {
    problems.invalid(`${path}.name`, name, `PVC name ${JSON.stringify(`${podName}-${name}`)}: ${detail}`);
  }
}
