/** The etcd operator: the EtcdCluster kind, and the manager that makes it true. */
export { EtcdCluster } from './resources.ts';
export type { EtcdClusterSpec, EtcdOptions, EtcdPodTemplate, EtcdResources, EtcdStorage } from './api/spec.ts';
export type { EtcdClusterStatus, MemberRecord, Operation } from './api/status.ts';
export { etcdManager, leaseName } from './manager.ts';
export { readSettings } from './settings.ts';
export type { Settings } from './settings.ts';
export { decide } from './decide/decide.ts';
export type { Action, Obstacle, Task } from './decide/action.ts';
export type { ClusterView, MemberView, Policy } from './decide/view.ts';
export { grpcAdmin } from './etcd/grpc-admin.ts';
export type { Credentials, Endpoint, EtcdAdmin, MemberInfo, MemberList, MemberReport } from './etcd/admin.ts';
export type { AdminFactory } from './etcd/admin-pool.ts';
export { EtcdError } from './etcd/etcd-error.ts';
export type { EtcdErrorCode } from './etcd/etcd-error.ts';
