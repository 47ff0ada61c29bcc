import type { Admission, BuiltinStrategy, Core, FieldManagement, Parts, Tables } from './parts.ts';
import { builtInStrategy } from './builtin/built-in-strategy.ts';
import { statusError } from './status-error.ts';
import { staticTokenAuthentication } from './request/static-tokens.ts';
import { mastersGroup } from './request/user.ts';
import { fromJSONText } from './store/json-text.ts';
import { healthPath } from './pipeline/health-path.ts';

const untracked: FieldManagement = {
  apply() {
    throw statusError(415, 'UnsupportedMediaType', 'server-side apply is not connected', {});
  },
  track() {},
};

const noAdmission: Admission = { async mutate() {}, async validate() {} };

const noTables: Tables = {
  table() {
    throw statusError(406, 'NotAcceptable', 'tables are not connected', {});
  },
};

/** The strategy of built-in kinds. */
export const builtinStrategy: BuiltinStrategy = (kind) => builtInStrategy(kind, { type: 'untyped' });

/** Chooses the implementation of each seam. Whoever owns a part replaces its line here. */
export function assembleParts(core: Core): Parts {
  return {
    authenticate: staticTokenAuthentication(core.options.tokens),
    impersonate: async (user) => user,
    authorize: (user) => ({ allowed: user.groups.includes(mastersGroup), reason: '' }),
    codec: {
      decode: ({ bytes }) => ({ object: fromJSONText(Buffer.from(bytes).toString('utf8')), strictErrors: [] }),
      normalise: (object) => ({ object, strictErrors: [] }),
    },
    applyPatch() {
      throw statusError(415, 'UnsupportedMediaType', 'patches are not connected', {});
    },
    fieldManagement: untracked,
    admission: noAdmission,
    tables: noTables,
    subresources: new Map(),
    virtualResources: new Map(),
    paths: [healthPath],
    async streams() {
      throw statusError(501, '', 'streams are not connected');
    },
    start: [],
  };
}
