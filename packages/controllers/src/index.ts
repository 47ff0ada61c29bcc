/** The built-in controllers and the scheduler, written with the operator SDK. */
export { builtInControllers } from './built-in-controllers.ts';
export type { BuiltInOptions, BuiltIns } from './built-in-controllers.ts';
export { PROVISIONER } from './volume/directory-provisioner.ts';
export type { VolumeDirectories } from './volume/directory-provisioner.ts';
