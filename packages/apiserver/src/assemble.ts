import type { BuiltinStrategy, Core, Parts } from './parts.ts';
import { builtInStrategy } from './builtin/built-in-strategy.ts';
import { fieldManagement } from './apply/field-management.ts';
import { objectCodec } from './codec/object-codec.ts';
import { applyPatch } from './codec/patches.ts';
import { accessParts } from './access/access-parts.ts';
import { createBootstrapRoles } from './access/bootstrap-roles.ts';
import { guardedAdmission } from './access/guarded-admission.ts';
import { serveDefinitions } from './crd/definition-controller.ts';
import { definitionStrategy } from './crd/definition-strategy.ts';
import { tables } from './table/tables.ts';
import { makeAdmission } from './admission/admission.ts';
import { followGroupVersions } from './discovery/api-services.ts';
import { discoveryHandler } from './discovery/discovery-handler.ts';
import { openapiHandler } from './openapi/openapi-handler.ts';
import { expireEvents } from './start/event-expiry.ts';
import { createSystemObjects } from './start/system-objects.ts';
import { streamHandler } from './streams/stream-handler.ts';
import { streamSubresources } from './streams/stream-subresources.ts';
import { subresourceAliases, subresourceHandlers } from './subresources/subresource-parts.ts';

/** The strategy of built-in kinds. */
export const builtinStrategy: BuiltinStrategy = (kind) => {
  const strategy = builtInStrategy(kind);
  return kind.kind === 'CustomResourceDefinition' ? definitionStrategy(strategy) : strategy;
};

/** Chooses the implementation of each seam. Whoever owns a part replaces its line here. */
export function assembleParts(core: Core): Parts {
  const codec = objectCodec;
  const access = accessParts(core, codec);
  const self = (): Parts => parts;
  const parts: Parts = {
    authenticate: access.authenticate,
    impersonate: access.impersonate,
    authorize: access.authorize,
    codec,
    applyPatch,
    fieldManagement: fieldManagement(core.registry),
    admission: guardedAdmission(access.reader, makeAdmission(core, access.authorize)),
    tables,
    subresources: new Map([
      ...subresourceHandlers(core, self, access, builtinStrategy),
      ...streamSubresources(core, access.authorize),
    ]),
    virtualResources: new Map([...access.virtualResources, ...subresourceAliases(core, self)]),
    paths: [discoveryHandler(core), openapiHandler(core.registry), access.path],
    streams: streamHandler(core, access.authorize),
    start: [createSystemObjects, createBootstrapRoles, expireEvents, serveDefinitions, followGroupVersions],
  };
  return parts;
}
