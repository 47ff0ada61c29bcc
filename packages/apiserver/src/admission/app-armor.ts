import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { semanticallyEqual } from '../builtin/equality.ts';
import { ensureObject, itemsOf, mapAt, maybeObject, objectAt, textAt } from '../builtin/object-path.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { creates } from './plugin.ts';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';
const localPrefix = 'localhost/';
const longestProfile = 4095;

/** The field for an annotation of old; undefined if it says nothing sound. */
function profileOf(annotation: string): ObjectValue | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  if (!annotation.startsWith(localPrefix)) return undefined;
  const name = annotation.slice(localPrefix.length);
  const isSound = name.trim() === name && name !== '' && name.length <= longestProfile;
  return isSound ? { type: 'Localhost', localhostProfile: name } : undefined;
}

/** Pods that still give AppArmor profiles as annotations get them as fields too (KEP-24). */
export const appArmorProfiles: AdmissionPlugin = {
  name: 'AppArmorVersionSkew',
  mutate(attributes) {
    const pod = attributes.object;
    if (pod === undefined || !creates(attributes, '', 'pods')) return;
    const annotations = mapAt(metadataOf(pod), 'annotations');
    const spec = objectAt(pod, 'spec');
    if (textAt(objectAt(spec, 'os'), 'name') === 'windows') return;
    if (!Object.keys(annotations).some((key) => key.startsWith(prefix))) return;
    const own = maybeObject(objectAt(spec, 'securityContext'), 'appArmorProfile');
    for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
      for (const container of itemsOf(spec, list)) {
        const key = `${prefix}${textAt(container, 'name')}`;
        const annotation = annotations[key];
        const context = objectAt(container, 'securityContext');
        if (annotation === undefined || maybeObject(context, 'appArmorProfile') !== undefined) continue;
        const profile = profileOf(annotation);
        if (profile !== undefined && semanticallyEqual(profile, own)) continue;
        if (profile !== undefined) ensureObject(container, 'securityContext')['appArmorProfile'] = profile;
        const advice = 'deprecated since v1.30; use the "appArmorProfile" field instead';
        attributes.warn(`metadata.annotations[${key}]: ${advice}`);
      }
    }
  },
};
