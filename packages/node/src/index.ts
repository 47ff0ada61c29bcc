/** The node agent: runs pods as local processes, in a sandbox that leaves nothing behind on the host. */
export type { Image, ImageStore } from './images/image.ts';
export {
  additionsFileOf,
  cacheDirOf,
  catalogueReferences,
  createImageStore,
  packageSource,
} from './images/image-store.ts';
export type { ImageStoreOptions } from './images/image-store.ts';
export { addImage, readAdditions } from './images/additions.ts';
export type { Addition } from './images/additions.ts';
export { kubectlProgram } from './images/catalogue.ts';
export { programPath } from './images/program.ts';
export { ImageError } from './images/image-error.ts';
export { startNodeHost } from './host/node-host.ts';
export type { NodeHost } from './host/node-host.ts';
export type {
  APICredentials,
  ClusterNetwork,
  NodeHostOptions,
  NodeLogLine,
  VirtualNodeOptions,
} from './host/node-host-options.ts';
export { checkSandbox } from './host/sandbox-check.ts';
export { NodeError } from './node-error.ts';
export type { NodeErrorCode } from './node-error.ts';
