import type { WireResponse } from '@reeve/api';
import { pageNotFound, textResponse } from '../pipeline/responses.ts';

/** What each health path checks here; a server that answers at all has passed them. */
const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd'],
  livez: ['ping', 'log', 'etcd'],
  readyz: ['ping', 'log', 'etcd', 'informer-sync', 'shutdown'],
};

/** `/healthz`, `/livez`, `/readyz` and their single checks. Undefined: another path. */
export function healthAnswer(path: string, query: URLSearchParams): WireResponse | undefined {
  const [root = '', check, ...rest] = path.split('/').filter((segment) => segment !== '');
  const names = checks[root];
  if (names === undefined) return undefined;
  if (check !== undefined) return rest.length === 0 && names.includes(check) ? textResponse(200, 'ok') : pageNotFound();
  return query.has('verbose')
    ? textResponse(200, verbose(root, names, query.getAll('exclude')))
    : textResponse(200, 'ok');
}

function verbose(root: string, names: readonly string[], excluded: readonly string[]): string {
  const lines = names.map((name) => `[+]${name} ${excluded.includes(name) ? 'excluded: ok' : 'ok'}`);
  const unknown = excluded.filter((name) => !names.includes(name)).map((name) => JSON.stringify(name));
  if (unknown.length > 0) {
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.join(', ')}`);
  }
  return `${lines.join('\n')}\n${root} check passed\n`;
}
