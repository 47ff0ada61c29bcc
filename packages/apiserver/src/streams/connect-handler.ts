import type { Authorize, Core, SubresourceHandler } from '../parts.ts';
import { badRequest, methodNotAllowed } from '../status-error.ts';
import { readExecOptions } from './exec-options.ts';
import { assignedAddress, containerAddress, podOf } from './pod-target.ts';
import { requireCreate } from './stream-handler.ts';

/** What exec, attach and port-forward answer to a request that asks for no upgrade. */
export function connectHandler(core: Core, authorize: Authorize): SubresourceHandler {
  return async (context, _resource, { name, verbs }) => {
    if (!verbs.includes(context.info.verb)) throw methodNotAllowed();
    requireCreate(authorize, context);
    if (name === 'portforward') assignedAddress(core, podOf(core, context.info));
    else {
      containerAddress(core, context.info);
      readExecOptions(context.info.query, name === 'exec' ? 'exec' : 'attach');
    }
    throw badRequest('Upgrade request required');
  };
}
