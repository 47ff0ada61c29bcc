import type { Patch } from './options.ts';

/** The content type and body of a patch. */
export function patchBody(patch: Patch): { readonly contentType: string; readonly body: unknown } {
  if ('json' in patch) return { contentType: 'application/json-patch+json', body: patch.json };
  if ('merge' in patch) return { contentType: 'application/merge-patch+json', body: patch.merge };
  if ('strategic' in patch) return { contentType: 'application/strategic-merge-patch+json', body: patch.strategic };
  return { contentType: 'application/apply-patch+yaml', body: patch.apply };
}
