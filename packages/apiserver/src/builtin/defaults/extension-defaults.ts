import type { DefaultsTable } from './type-defaults.ts';

/** Aggregated APIs; definitions of custom resources have defaults of their own beside their kind. */
export const extensionDefaults: DefaultsTable = {
  'k8s.io/kube-aggregator/pkg/apis/apiregistration/v1.ServiceReference': { set: { port: 443 } },
};
