import { applyJsonPatch } from '@reeve/api';
import { semanticallyEqual } from '../../builtin/equality.ts';
import { textAt } from '../../builtin/object-path.ts';
import { objectCodec } from '../../codec/object-codec.ts';
import type { AdmissionAttributes, Authorize, Core } from '../../parts.ts';
import { internalError } from '../../status-error.ts';
import { isObject } from '../../value.ts';
import type { ObjectValue, Value } from '../../value.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import type { StoredObjects } from '../stored-objects.ts';
import { askWebhook, webhooksOf } from './webhook.ts';
import type { WebhookCall } from './webhook.ts';

/** Their own configurations are never shown to webhooks, so that no one locks himself out. */
const isConfiguration = ({ resource }: AdmissionAttributes): boolean =>
  resource.group === 'admissionregistration.k8s.io' && resource.plural.endsWith('webhookconfigurations');

/** Asks webhooks one after the other, each about what the ones before made of the object. */
export function mutatingWebhooks(core: Core, stored: StoredObjects, authorize: Authorize): AdmissionPlugin {
  return {
    name: 'MutatingAdmissionWebhook',
    async mutate(attributes) {
      if (isConfiguration(attributes)) return;
      const again: ObjectValue[] = [];
      let isChanged = false;
      for (const webhook of webhooksOf(stored, 'mutatingwebhookconfigurations')) {
        const changes = await mutateBy({ core, stored, authorize, webhook, attributes });
        if (!changes && textAt(webhook, 'reinvocationPolicy') === 'IfNeeded') again.push(webhook);
        isChanged ||= changes;
      }
      if (isChanged) for (const webhook of again) await mutateBy({ core, stored, authorize, webhook, attributes });
    },
  };
}

/** True if the webhook changed the object. */
async function mutateBy(call: WebhookCall): Promise<boolean> {
  const { webhook, attributes } = call;
  const response = await askWebhook(call);
  const patch = response === undefined ? '' : textAt(response, 'patch');
  const { object } = attributes;
  if (patch === '' || object === undefined) return false;
  const made = patched(object, patch, attributes, textAt(webhook, 'name'));
  if (semanticallyEqual(made, object)) return false;
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, made);
  return true;
}

function patched(object: ObjectValue, patch: string, { resource }: AdmissionAttributes, name: string): ObjectValue {
  try {
    const operations = JSON.parse(Buffer.from(patch, 'base64').toString('utf8')) as Value;
    const result = applyJsonPatch(structuredClone(object), operations);
    if (!isObject(result)) throw internalError('the patched object is no object');
    const { group, version, kind, custom } = resource;
    const expected = { group, version, kind };
    const decoded = objectCodec.normalise(result, { expected, custom, fieldValidation: 'Ignore' });
    resource.strategy.applyDefaults(decoded.object);
    return decoded.object;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw internalError(`failed to apply the patch of webhook ${JSON.stringify(name)}: ${reason}`);
  }
}

/** Asks webhooks at once whether they agree with what will be stored. */
export function validatingWebhooks(core: Core, stored: StoredObjects, authorize: Authorize): AdmissionPlugin {
  return {
    name: 'ValidatingAdmissionWebhook',
    async validate(attributes) {
      if (isConfiguration(attributes)) return;
      const webhooks = webhooksOf(stored, 'validatingwebhookconfigurations');
      await Promise.all(webhooks.map((webhook) => askWebhook({ core, stored, authorize, webhook, attributes })));
    },
  };
}
