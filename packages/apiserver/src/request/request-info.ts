/** What a request is about, read from its method and URL alone, as authorization sees it. */
export interface RequestInfo {
  /** False for `/version`, `/api`, `/apis/apps/v1` … */
  readonly isResource: boolean;
  /** Without the query. */
  readonly path: string;
  /** get, list, watch, create, update, patch, delete, deletecollection; else the method in lower case. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  /** Of the path, or of the one object that a field selector names. */
  readonly name: string;
  /** Of the path alone. */
  readonly pathName: string;
  /** The path goes through `namespaces/NAME/`. */
  readonly isInNamespace: boolean;
  /** The old form of watches, `/api/v1/watch/…`. */
  readonly isLegacyWatch: boolean;
  /** Path segments after the subresource, such as the path of a proxy request. */
  readonly rest: readonly string[];
  readonly query: URLSearchParams;
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Subresources of a namespace; anything else after a namespace's name is a resource in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/** `false`, `0` and no value are no; everything else is yes, as Go's query conversion has it. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}

/** Reads method and URL. Throws nothing: what names no resource is a request for a path. */
export function parseRequestInfo(method: string, url: string): RequestInfo {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = new URLSearchParams(question < 0 ? '' : url.slice(question + 1));
  const segments = trimmed(decode(path)).split('/');
  const place = locate(segments);
  if (place === undefined) return { ...nothing, path, query, verb: method.toLowerCase() };
  const { group, version, segments: after, legacyWatch } = place;
  const at = resourceAt(after);
  const verb = legacyWatch ? 'watch' : verbOf(method, at.name, query);
  const name = at.name === '' && (verb === 'list' || verb === 'watch') ? nameInSelector(query) : at.name;
  return {
    isResource: true,
    path,
    query,
    verb,
    group,
    version,
    ...at,
    pathName: at.name,
    name,
    isLegacyWatch: legacyWatch,
  };
}

const nothing = {
  isResource: false,
  group: '',
  version: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
  pathName: '',
  isInNamespace: false,
  isLegacyWatch: false,
  rest: [],
} as const;

interface Place {
  readonly group: string;
  readonly version: string;
  readonly segments: readonly string[];
  readonly legacyWatch: boolean;
}

function locate(segments: readonly string[]): Place | undefined {
  const [root, ...rest] = segments;
  const isCore = root === 'api';
  if (!isCore && root !== 'apis') return undefined;
  const used = isCore ? 1 : 2;
  if (rest.length <= used) return undefined;
  const legacyWatch = rest[used] === 'watch' && rest.length > used + 1;
  return {
    group: isCore ? '' : (rest[0] ?? ''),
    version: rest[used - 1] ?? '',
    segments: rest.slice(legacyWatch ? used + 1 : used),
    legacyWatch,
  };
}

function resourceAt(
  segments: readonly string[],
): Pick<RequestInfo, 'namespace' | 'resource' | 'subresource' | 'name' | 'rest' | 'isInNamespace'> {
  const [first = '', second = '', third, ...others] = segments;
  if (first !== 'namespaces' || second === '') {
    return {
      namespace: '',
      resource: first,
      name: second,
      subresource: third ?? '',
      rest: others,
      isInNamespace: false,
    };
  }
  if (third === undefined || namespaceSubresources.has(third)) {
    const subresource = third ?? '';
    return { namespace: second, resource: first, name: second, subresource, rest: others, isInNamespace: false };
  }
  const [name = '', subresource = '', ...rest] = others;
  return { namespace: second, resource: third, name, subresource, rest, isInNamespace: true };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = verbs[method] ?? (method === 'OPTIONS' ? '' : method.toLowerCase());
  if (name !== '') return verb;
  if (verb === 'get') return isTrue(query.get('watch')) ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** A list of one object by `metadata.name=x` counts as being about x, so that resourceNames can allow it. */
function nameInSelector(query: URLSearchParams): string {
  const match = /^metadata\.name==?([^,!=\\]+)$/.exec(query.get('fieldSelector') ?? '');
  return match?.[1] ?? '';
}

/** Slashes at the ends count for nothing, those inside do. */
function trimmed(path: string): string {
  const start = path.startsWith('/') ? 1 : 0;
  return path.slice(start, path.endsWith('/') ? -1 : undefined);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
