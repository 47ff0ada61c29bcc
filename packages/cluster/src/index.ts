/** The local cluster: API server, controllers and nodes on one machine. */
export { ClusterDirectory, clusterNames } from './cluster-directory.ts';
export type { ClusterRecord } from './cluster-directory.ts';
export { ClusterError } from './cluster-error.ts';
export type { ClusterErrorCode } from './cluster-error.ts';
export { askControl, serveControl } from './control.ts';
export type { ControlActions } from './control.ts';
export { startControlPlane } from './control-plane.ts';
export type { ControlPlane, ControlPlaneOptions } from './control-plane-options.ts';
export { kubeConfigOf } from './kube-config.ts';
export { startLocalCluster } from './local-cluster.ts';
export type { LocalCluster, LocalClusterOptions } from './local-cluster.ts';
