import type { Duplex } from 'node:stream';
import type { WireHandler, WireRequest, WireResponse } from '@reeve/api';
import type { Core, Parts } from '../parts.ts';
import { anonymousUser } from '../request/user.ts';
import type { UserInfo } from '../request/user.ts';
import { parseRequestInfo } from '../request/request-info.ts';
import { internalError, StatusError } from '../status-error.ts';
import { attributesOf, denied } from '../access/attributes.ts';
import type { RequestContext } from './context.ts';
import { errorResponse, pageNotFound } from './responses.ts';
import { routeResource } from './route.ts';
import { warningHeader, Warnings, withinLimits } from './warnings.ts';

/** The pipeline of one server: authenticate, impersonate, authorize, route, answer. */
export interface Pipeline {
  readonly handler: WireHandler;
  /** The same for a user that is already known. */
  as(user: UserInfo): WireHandler;
  /** For requests that ask for an upgrade; gives the answer to send where the request fails before it takes over. */
  upgrade(request: WireRequest, socket: Duplex, head: Uint8Array): Promise<WireResponse | undefined>;
}

export function makePipeline(core: Core, parts: Parts): Pipeline {
  const { clock, log } = core.options;

  async function admit(request: WireRequest, known: UserInfo | undefined, warnings: Warnings): Promise<RequestContext> {
    if (core.store.failure !== undefined) throw core.store.failure;
    const info = parseRequestInfo(request.method, request.path);
    const authenticated = known ?? (await parts.authenticate(request)) ?? anonymousUser;
    const user = await parts.impersonate(authenticated, request, info);
    const context = { request, info, user, now: clock.now(), warn: warnings.warn, warnings: warnings.texts };
    const decision = parts.authorize(user, info);
    if (!decision.allowed) throw denied(user, attributesOf(info), decision.reason);
    return context;
  }

  async function answer(request: WireRequest, known: UserInfo | undefined): Promise<WireResponse> {
    const warnings = new Warnings();
    const response = await guarded(async () => {
      const context = await admit(request, known, warnings);
      if (context.info.isResource) return routeResource(core, parts, context);
      for (const path of parts.paths) {
        const found = await path(context);
        if (found !== undefined) return found;
      }
      return pageNotFound();
    });
    return withWarnings(response, withinLimits(warnings.texts));
  }

  async function guarded(run: () => Promise<WireResponse>): Promise<WireResponse> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof StatusError) return errorResponse(error);
      log?.(
        `a request failed unexpectedly: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return errorResponse(internalError(error instanceof Error ? error.message : String(error)));
    }
  }

  return {
    handler: (request) => answer(request, undefined),
    as: (user) => (request) => answer(request, user),
    async upgrade(request, socket, head) {
      let failed = true;
      const response = await guarded(async () => {
        await parts.streams(await admit(request, undefined, new Warnings()), socket, head);
        failed = false;
        return pageNotFound();
      });
      return failed ? response : undefined;
    },
  };
}

function withWarnings(response: WireResponse, texts: readonly string[]): WireResponse {
  if (texts.length === 0) return response;
  return { ...response, headers: { ...response.headers, warning: texts.map(warningHeader) } };
}
