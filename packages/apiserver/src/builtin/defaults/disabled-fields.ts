import type { DefaultsTable } from './type-defaults.ts';

/** What belongs to features that a server with default flags has turned off. */
export const disabledFields: DefaultsTable = {
  'apps/v1.RollingUpdateStatefulSetStrategy': { drop: ['maxUnavailable'] },
  'coordination/v1.LeaseSpec': { drop: ['strategy', 'preferredHolder'] },
  'core/v1.Lifecycle': { drop: ['stopSignal'] },
  'core/v1.VolumeProjection': { drop: ['clusterTrustBundle', 'podCertificate'] },
};
