import type { Implementation, Library } from '../functions.ts';
import { ArrayList, EntryMap, Failure, type CelValue, type Opaque } from '../value.ts';

/** A URL as Go's net/url reads it, in its parts. */
class Url implements Opaque {
  readonly opaque = 'kubernetes.URL';
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(scheme: string, host: string, path: string, query: string) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }

  equals(other: Opaque): boolean {
    return other instanceof Url && this.text === other.text;
  }

  get text(): string {
    return `${this.scheme}://${this.host}${this.path}?${this.query}`;
  }

  get hostname(): string {
    const bracketed = /^\[([^\]]*)\]/.exec(this.host)?.[1];
    return bracketed ?? this.host.split(':')[0] ?? '';
  }

  get port(): string {
    return /:(\d*)$/.exec(this.host.replace(/^\[[^\]]*\]/, ''))?.[1] ?? '';
  }
}

const problem = (text: string, detail: string): Failure => new Failure(`parse ${JSON.stringify(text)}: ${detail}`);

/** Reads what Go's url.ParseRequestURI takes: an absolute URI or an absolute path. */
export function parseUrl(text: string): Url | Failure {
  if (text === '') return problem(text, 'empty url');
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) return problem(text, 'net/url: invalid control character in URL');
  if (text === '*') return new Url('', '', '*', '');
  if (text.startsWith(':')) return problem(text, 'missing protocol scheme');
  const [, scheme = '', rest = text] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  const question = rest.indexOf('?');
  const before = question < 0 ? rest : rest.slice(0, question);
  const query = question < 0 ? '' : rest.slice(question + 1);
  if (!before.startsWith('/'))
    return scheme === '' ? problem(text, 'invalid URI for request') : new Url(scheme.toLowerCase(), '', '', query);
  const hasHost = before.startsWith('//') && (scheme !== '' || !before.startsWith('///'));
  const slash = hasHost ? before.indexOf('/', 2) : 0;
  const authority = hasHost ? before.slice(2, slash < 0 ? undefined : slash) : '';
  const path = hasHost ? (slash < 0 ? '' : before.slice(slash)) : before;
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(path)?.[0];
  if (escape !== undefined) return problem(text, `invalid URL escape ${JSON.stringify(escape)}`);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bad = /[\s"<>\\^`{|}]/.exec(host)?.[0];
  if (bad !== undefined) return problem(text, `invalid character ${JSON.stringify(bad)} in host name`);
  const port = /:([^:\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^\d*$/.test(port))
    return problem(text, `invalid port ${JSON.stringify(`:${port}`)} after host`);
  if (host.startsWith('[') && !host.includes(']')) return problem(text, "missing ']' in host");
  const hostEscape = /%(?!25).{0,2}/.exec(host)?.[0];
  if (hostEscape !== undefined) return problem(text, `invalid URL escape ${JSON.stringify(hostEscape)}`);
  const [barePath = '', barequery = query] = path.includes('#') ? [path.slice(0, path.indexOf('#')), ''] : [path];
  return new Url(scheme.toLowerCase(), host, barePath, barequery.replace(/#.*$/s, ''));
}

const escaped = (path: string): string =>
  path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, (point) => encodeURIComponent(point));

function queryMap(query: string): CelValue {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(unescapeQuery);
    if (/%(?![0-9a-fA-F]{2})/.test(pair)) continue;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const map = new EntryMap();
  for (const [name, list] of values) map.set(name, new ArrayList(list));
  return map;
}

function unescapeQuery(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

const part =
  (of: (url: Url) => CelValue): Implementation =>
  (url) =>
    url instanceof Url ? of(url) : new Failure('no such overload');

const toUrl: Implementation = (text) => {
  const url = parseUrl(typeof text === 'string' ? text : '');
  return url instanceof Failure ? new Failure(`URL parse error during conversion from string: ${url.message}`) : url;
};

/** Kubernetes' URL functions. */
export const urlLibrary: Library = [
  ['url(string): URL', toUrl],
  ['isURL(string): bool', (text) => parseUrl(typeof text === 'string' ? text : '') instanceof Url],
  ['URL.getScheme(): string', part(({ scheme }) => scheme)],
  ['URL.getHost(): string', part(({ host }) => host)],
  ['URL.getHostname(): string', part(({ hostname }) => hostname)],
  ['URL.getPort(): string', part(({ port }) => port)],
  ['URL.getEscapedPath(): string', part(({ path }) => escaped(path))],
  ['URL.getQuery(): map<string, list<string>>', part(({ query }) => queryMap(query))],
];
