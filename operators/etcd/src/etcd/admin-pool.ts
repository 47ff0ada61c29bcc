import type { Clock } from '@reeve/api';
import type { Credentials, EtcdAdmin } from './admin.ts';

/** Makes an admin port with these credentials. */
export type AdminFactory = (clock: Clock, credentials: Credentials | undefined) => EtcdAdmin;

/** One admin port per cluster, made anew when its credentials change. */
export interface AdminPool {
  of(cluster: string, credentials: Credentials | undefined): EtcdAdmin;
  drop(cluster: string): void;
  close(): void;
}

export function adminPool(clock: Clock, make: AdminFactory): AdminPool {
  const held = new Map<string, { readonly admin: EtcdAdmin; readonly certificate: string | undefined }>();
  const drop = (cluster: string): void => {
    held.get(cluster)?.admin.close();
    held.delete(cluster);
  };
  return {
    of(cluster, credentials) {
      const present = held.get(cluster);
      if (present !== undefined && present.certificate === credentials?.certificate) return present.admin;
      drop(cluster);
      const admin = make(clock, credentials);
      held.set(cluster, { admin, certificate: credentials?.certificate });
      return admin;
    },
    drop,
    close() {
      for (const cluster of held.keys()) drop(cluster);
    },
  };
}
