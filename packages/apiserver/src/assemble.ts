import type { BuiltinStrategy, Codec, Core, FieldManagement, Parts, Tables } from './parts.ts';
import { builtInStrategy } from './builtin/built-in-strategy.ts';
import { statusError } from './status-error.ts';
import { fromJSONText } from './store/json-text.ts';
import { accessParts } from './access/access-parts.ts';
import { createBootstrapRoles } from './access/bootstrap-roles.ts';
import { guardedAdmission } from './access/guarded-admission.ts';
import { makeAdmission } from './admission/admission.ts';
import { discoveryHandler } from './discovery/discovery-handler.ts';
import { openapiHandler } from './openapi/openapi-handler.ts';

const untracked: FieldManagement = {
  apply() {
    throw statusError(415, 'UnsupportedMediaType', 'server-side apply is not connected', {});
  },
  track() {},
};

const noTables: Tables = {
  table() {
    throw statusError(406, 'NotAcceptable', 'tables are not connected', {});
  },
};

/** The strategy of built-in kinds. */
export const builtinStrategy: BuiltinStrategy = builtInStrategy;

/** Chooses the implementation of each seam. Whoever owns a part replaces its line here. */
export function assembleParts(core: Core): Parts {
  const codec: Codec = {
    decode: ({ bytes }) => ({ object: fromJSONText(Buffer.from(bytes).toString('utf8')), strictErrors: [] }),
    normalise: (object) => ({ object, strictErrors: [] }),
  };
  const access = accessParts(core, codec);
  return {
    authenticate: access.authenticate,
    impersonate: access.impersonate,
    authorize: access.authorize,
    codec,
    applyPatch() {
      throw statusError(415, 'UnsupportedMediaType', 'patches are not connected', {});
    },
    fieldManagement: untracked,
    admission: guardedAdmission(access.reader, makeAdmission(core)),
    tables: noTables,
    subresources: new Map(),
    virtualResources: new Map(access.virtualResources),
    paths: [discoveryHandler(core), openapiHandler(core.registry), access.path],
    async streams() {
      throw statusError(501, '', 'streams are not connected');
    },
    start: [createBootstrapRoles],
  };
}
