import type { BuiltinStrategy, Core, Parts, SubresourceHandler, VirtualResourceHandler } from '../parts.ts';
import { bindingHandler, bindingsHandler } from './binding.ts';
import { evictionHandler } from './eviction.ts';
import { scaleHandler } from './scale.ts';
import { tokenRequestHandler, type TokenIssuer } from './token-request.ts';

/** The subresources that are more than a part of their object. */
export function subresourceHandlers(
  core: Core,
  parts: () => Parts,
  issuer: TokenIssuer,
  strategyOf: BuiltinStrategy,
): readonly (readonly [string, SubresourceHandler])[] {
  return [
    ['*/scale', scaleHandler(core, parts, strategyOf)],
    ['pods/eviction', evictionHandler(core, parts)],
    ['pods/binding', bindingHandler(core, parts)],
    ['serviceaccounts/token', tokenRequestHandler(core, parts, issuer)],
  ];
}

/** Resources that stand for a subresource. */
export function subresourceAliases(
  core: Core,
  parts: () => Parts,
): readonly (readonly [string, VirtualResourceHandler])[] {
  return [['bindings', bindingsHandler(core, parts)]];
}
