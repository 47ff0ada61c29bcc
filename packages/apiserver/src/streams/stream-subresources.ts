import type { Authorize, Core, SubresourceHandler } from '../parts.ts';
import { connectHandler } from './connect-handler.ts';
import { logHandler } from './log.ts';

/** The subresources of pods that reach into their containers. */
export function streamSubresources(
  core: Core,
  authorize: Authorize,
): readonly (readonly [string, SubresourceHandler])[] {
  const connect = connectHandler(core, authorize);
  return [
    ['pods/log', logHandler(core)],
    ['pods/exec', connect],
    ['pods/attach', connect],
    ['pods/portforward', connect],
  ];
}
