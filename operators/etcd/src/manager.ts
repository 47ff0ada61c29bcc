import type { Client } from '@reeve/kube';
import { createManager, type Manager } from '@reeve/operator';
import { adminPool, type AdminFactory } from './etcd/admin-pool.ts';
import { grpcAdmin } from './etcd/grpc-admin.ts';
import { etcdController } from './operator.ts';
import type { Settings } from './settings.ts';

/** The Lease by which one operator leads. */
export const leaseName = 'reeve-etcd-operator';

/** Puts the operator together; it does nothing until `start`. `makeAdmin` reaches etcd; default: gRPC. */
export function etcdManager(client: Client, settings: Settings, makeAdmin: AdminFactory = grpcAdmin): Manager {
  const { namespace, identity, leaderElection, metricsPort, healthPort } = settings;
  const admins = adminPool(client.clock, makeAdmin);
  const manager = createManager({
    client,
    name: 'reeve-etcd-operator',
    metricsPort,
    healthPort,
    ...(leaderElection ? { leaderElection: { name: leaseName, namespace, ...(identity ? { identity } : {}) } } : {}),
  });
  manager.add(etcdController({ settings, admins }));
  manager.addRunnable({
    name: 'etcd connections',
    leaderOnly: false,
    run: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          admins.close();
          resolve();
        });
      }),
  });
  return manager;
}
