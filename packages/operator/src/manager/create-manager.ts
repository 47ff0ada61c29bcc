import { OperatorError } from '../operator-error.ts';
import type { Manager, ManagerOptions } from './manager.ts';

/** Makes a manager; it does nothing until `start`. */
export function createManager(options: ManagerOptions): Manager {
  throw new OperatorError('Stopped', `the manager ${options.name} cannot start yet`);
}
