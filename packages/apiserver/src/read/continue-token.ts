import { badRequest } from '../status-error.ts';

/** Where a next page begins. Revision -1: as things are then, instead of as they were at the first page. */
export interface PageStart {
  readonly revision: number;
  /** The key of the last object of the page before, relative to the list's prefix. */
  readonly after: string;
}

export function encodeContinue({ revision, after }: PageStart): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\0` })).toString('base64url');
}

/** Throws 400 for what this server did not write. */
export function decodeContinue(token: string): PageStart {
  const read = parse(token);
  const { v, rv, start } = read ?? {};
  if (v !== 'meta.k8s.io/v1') throw invalidToken('server does not recognize this encoded version ""');
  if (typeof rv !== 'number' || rv === 0)
    throw invalidToken('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof start !== 'string' || start === '') throw invalidToken('encoded start key empty (version meta.k8s.io/v1)');
  return { revision: rv, after: start.endsWith('\0') ? start.slice(0, -1) : start };
}

function parse(token: string): { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    throw invalidToken('illegal base64 data');
  }
}

function invalidToken(detail: string): Error {
  return badRequest(`continue key is not valid: ${detail}`);
}
