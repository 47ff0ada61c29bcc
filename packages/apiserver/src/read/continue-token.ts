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

/** Throws 400 for what no server of this kind wrote, or what would lead out of the list. */
export function decodeContinue(token: string): PageStart {
  const { v, rv, start } = parse(token);
  if (v !== 'meta.k8s.io/v1') throw invalidToken(`: server does not recognize this encoded version ${String(v ?? '')}`);
  if (typeof rv !== 'number' || rv === 0) {
    throw invalidToken(': incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || start === '') {
    throw invalidToken(': encoded start key empty (version meta.k8s.io/v1)');
  }
  if (start.split('/').some((part) => part === '' || part === '.' || part === '..')) throw invalidToken(`: ${start}`);
  return { revision: rv, after: start.endsWith('\0') ? start.slice(0, -1) : start };
}

function parse(token: string): { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown } {
  if (!/^[\w-]*$/.test(token) || token.length % 4 === 1) throw invalidToken(': illegal base64 data');
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw invalidToken(': invalid character');
  }
}

function invalidToken(detail: string): Error {
  return badRequest(`invalid continue token: continue key is not valid${detail}`);
}
