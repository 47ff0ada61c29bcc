import type { Document } from './json-document.ts';

type Kind = 'string' | 'integer' | 'boolean';

const query = (name: string, type: Kind, description: string): Document => ({
  name,
  in: 'query',
  description,
  schema: { type, uniqueItems: true },
});

const path = (name: string, description: string): Document => ({
  name,
  in: 'path',
  description,
  required: true,
  schema: { type: 'string', uniqueItems: true },
});

const dryRun = query('dryRun', 'string', 'All: do everything but store the result.');
const fieldManager = query('fieldManager', 'string', 'Who owns the fields that this request sets.');
const fieldValidation = query('fieldValidation', 'string', 'What unknown fields lead to: Ignore, Warn or Strict.');
const resourceVersion = query('resourceVersion', 'string', 'How old the answer may be.');

const list: readonly Document[] = [
  query('allowWatchBookmarks', 'boolean', 'Send bookmarks in a watch.'),
  query('continue', 'string', 'The token of the next page.'),
  query('fieldSelector', 'string', 'Only objects whose fields match.'),
  query('labelSelector', 'string', 'Only objects whose labels match.'),
  query('limit', 'integer', 'At most so many objects in a page.'),
  resourceVersion,
  query('resourceVersionMatch', 'string', 'How resourceVersion is meant.'),
  query('sendInitialEvents', 'boolean', 'Begin a watch with the objects that are there.'),
  query('timeoutSeconds', 'integer', 'End the request after so long.'),
  query('watch', 'boolean', 'Send changes as they come.'),
];

const remove: readonly Document[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'How long the object has to end.'),
  query('orphanDependents', 'boolean', 'Deprecated: see propagationPolicy.'),
  query('propagationPolicy', 'string', 'What becomes of dependents: Orphan, Background or Foreground.'),
];

/** Query parameters by `x-kubernetes-action`. */
export const actionParameters: Readonly<Record<string, readonly Document[]>> = {
  list,
  deletecollection: [...list.filter(({ name }) => name !== 'watch' && name !== 'allowWatchBookmarks'), ...remove],
  get: [],
  post: [dryRun, fieldManager, fieldValidation],
  put: [dryRun, fieldManager, fieldValidation],
  patch: [
    dryRun,
    fieldManager,
    fieldValidation,
    query('force', 'boolean', 'Take fields over from other managers; for apply only.'),
  ],
  delete: remove,
  connect: [],
};

export const prettyParameter: Document = query('pretty', 'string', 'Indent the answer.');
export const nameParameter: Document = path('name', 'name of the object');
export const namespaceParameter: Document = path('namespace', 'namespace of the object');
