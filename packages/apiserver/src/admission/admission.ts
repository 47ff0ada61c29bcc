import type { Admission, Authorize, Core } from '../parts.ts';
import { appArmorProfiles } from './app-armor.ts';
import { certificatePlugins } from './certificate-plugins.ts';
import { limitRanger } from './limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { mutatingPolicies } from './policy/mutating-policy.ts';
import { validatingPolicies } from './policy/validating-policy.ts';
import { defaultTolerationSeconds, priority, taintNodesByCondition } from './pod-defaults.ts';
import { podResize } from './pod-resize.ts';
import { podSecurity } from './pod-security/pod-security.ts';
import { podTopologyLabels } from './pod-topology-labels.ts';
import { resourceQuota } from './resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { serviceAddresses } from './service-addresses.ts';
import {
  claimResize,
  defaultIngressClass,
  defaultStorageClass,
  storageObjectInUseProtection,
} from './storage-plugins.ts';
import { mutatingWebhooks, validatingWebhooks } from './webhooks/webhook-plugins.ts';
import { storedObjects } from './stored-objects.ts';

/** All plugins in the order of kube-apiserver; what it does after them in storage comes last. */
export function makeAdmission(core: Core, authorize: Authorize): Admission {
  const stored = storedObjects(core);
  const { options } = core;
  const plugins: readonly AdmissionPlugin[] = [
    namespaceLifecycle(stored),
    limitRanger(stored),
    ...(options.admission.serviceAccount ? [serviceAccount(stored, options.random)] : []),
    taintNodesByCondition,
    podSecurity(stored),
    priority(stored),
    defaultTolerationSeconds,
    defaultStorageClass(stored),
    storageObjectInUseProtection,
    claimResize(stored),
    runtimeClass(stored),
    ...certificatePlugins(authorize),
    defaultIngressClass(stored),
    podTopologyLabels(stored),
    appArmorProfiles,
    podResize(stored),
    mutatingPolicies(core, stored, authorize),
    mutatingWebhooks(core, stored, authorize),
    validatingPolicies(core, stored, authorize),
    validatingWebhooks(core, stored, authorize),
    resourceQuota(core),
    serviceAddresses(core),
  ];
  const mutating = plugins.flatMap(({ mutate }) => mutate ?? []);
  const validating = plugins.flatMap(({ validate }) => validate ?? []);
  return {
    async mutate(attributes) {
      for (const mutate of mutating) await mutate(attributes);
    },
    async validate(attributes) {
      for (const validate of validating) await validate(attributes);
    },
  };
}
