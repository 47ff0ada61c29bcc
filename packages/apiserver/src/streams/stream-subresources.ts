import type { Authorize, Core, SubresourceHandler } from '../parts.ts';
import { connectHandler } from './connect-handler.ts';
import { logHandler } from './log.ts';
import { nodeProxyHandler, proxyHandler } from './proxy.ts';

/** The subresources that reach into pods. */
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
    ['pods/proxy', proxyHandler(core, 'pod')],
    ['services/proxy', proxyHandler(core, 'service')],
    ['nodes/proxy', nodeProxyHandler(core)],
  ];
}
