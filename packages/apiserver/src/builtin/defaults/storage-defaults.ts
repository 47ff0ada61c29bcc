import type { DefaultsTable } from './type-defaults.ts';

/** Storage classes and drivers, priority classes. */
export const storageDefaults: DefaultsTable = {
  'storage/v1.StorageClass': { set: { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' } },
  'storage/v1.CSIDriverSpec': {
    set: {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      requiresRepublish: false,
      seLinuxMount: false,
    },
  },
  'scheduling/v1.PriorityClass': { set: { preemptionPolicy: 'PreemptLowerPriority' } },
};
