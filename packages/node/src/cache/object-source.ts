import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Secret } from '@reeve/api/core/v1';

/** Objects that a pod's volumes and variables name. Undefined: there is no such object. */
export interface ObjectSource {
  configMap(namespace: string, name: string): Promise<ConfigMap | undefined>;
  secret(namespace: string, name: string): Promise<Secret | undefined>;
  claim(namespace: string, name: string): Promise<PersistentVolumeClaim | undefined>;
  volume(name: string): Promise<PersistentVolume | undefined>;
}
