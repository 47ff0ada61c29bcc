import type { ObjectValue } from '../../../value.ts';
import { itemsOf, mapAt, maybeObject, objectAt, textAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';
const types: Readonly<Record<string, string>> = { 'runtime/default': 'RuntimeDefault', unconfined: 'Unconfined' };

const typeOf = (profile: string): string | undefined =>
  profile.startsWith('localhost/') ? 'Localhost' : types[profile];

/** AppArmor profiles that are still given as annotations: of known containers, sound, and not against the fields. */
export function checkAppArmor(
  problems: Problems,
  path: string,
  specPath: string,
  metadata: ObjectValue,
  spec: ObjectValue,
): void {
  const annotations = mapAt(metadata, 'annotations');
  const profiles = Object.entries(annotations).filter(([key]) => key.startsWith(prefix));
  if (profiles.length === 0) return;
  const lists = ['initContainers', 'containers', 'ephemeralContainers'];
  const names = new Set(lists.flatMap((list) => itemsOf(spec, list).map((container) => textAt(container, 'name'))));
  for (const [key, profile] of profiles) {
    const at = `${path}[${key}]`;
    const name = key.slice(prefix.length);
    if (!names.has(name)) problems.invalid(at, name, 'container not found');
    if (profile !== '' && typeOf(profile) === undefined) {
      problems.invalid(at, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`);
    }
  }
  for (const list of lists) checkFields(problems, `${specPath}.${list}`, itemsOf(spec, list), annotations);
}

function checkFields(
  problems: Problems,
  path: string,
  containers: readonly ObjectValue[],
  annotations: Readonly<Record<string, string>>,
): void {
  for (const [index, container] of containers.entries()) {
    const given = annotations[`${prefix}${textAt(container, 'name')}`];
    const field = maybeObject(objectAt(container, 'securityContext'), 'appArmorProfile');
    const type = given === undefined ? undefined : typeOf(given);
    if (type === undefined || field === undefined || given === undefined) continue;
    const at = `${path}[${index}].securityContext.appArmorProfile`;
    if (type !== field['type']) problems.forbidden(`${at}.type`, 'apparmor type in annotation and field must match');
    else if (type === 'Localhost' && given !== `localhost/${textAt(field, 'localhostProfile')}`) {
      problems.forbidden(`${at}.localhostProfile`, 'apparmor profile in annotation and field must match');
    }
  }
}
