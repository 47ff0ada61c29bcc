import type { DefaultsTable } from './type-defaults.ts';

const matching = { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} };
const webhook = { failurePolicy: 'Fail', timeoutSeconds: 10, ...matching };

/** Admission webhooks and policies. */
export const admissionDefaults: DefaultsTable = {
  'admissionregistration/v1.ValidatingWebhook': { set: webhook },
  'admissionregistration/v1.MutatingWebhook': { set: { ...webhook, reinvocationPolicy: 'Never' } },
  'admissionregistration/v1.Rule': { set: { scope: '*' } },
  'admissionregistration/v1.ServiceReference': { set: { port: 443 } },
  'admissionregistration/v1.ValidatingAdmissionPolicySpec': { set: { failurePolicy: 'Fail' } },
  'admissionregistration/v1.MutatingAdmissionPolicySpec': { set: { failurePolicy: 'Fail' } },
  'admissionregistration/v1.MatchResources': { set: matching },
};
