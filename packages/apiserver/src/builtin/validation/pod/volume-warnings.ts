import { isObject } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, objectAt, textAt } from '../../object-path.ts';

interface Placed {
  readonly path: string;
  readonly source: string;
}

const shown = ({ path, source }: Placed): string =>
  source === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;

function overlapsOf(paths: readonly Placed[]): readonly string[] {
  const cut = paths.map(({ path, source }) => ({ source, path: path.replace(/\/+$/, '') }));
  return cut.flatMap((placed, index) => {
    if (placed.path === '') return [];
    return cut
      .slice(0, index)
      .filter(({ path }) => path !== '' && isInside(path, placed.path))
      .map((other) => `${shown(placed)} with ${shown(other)}`);
  });
}

const isInside = (left: string, right: string): boolean =>
  `${left}/`.startsWith(`${right}/`) || `${right}/`.startsWith(`${left}/`);

const pathsOf = (source: ObjectValue | undefined, name: string): readonly Placed[] =>
  itemsOf(source, 'items').map((item) => ({ path: textAt(item, 'path'), source: name }));

/** Files that one volume puts at the same place, of several sources or of one. */
export function overlapWarnings(volume: ObjectValue): readonly string[] {
  const name = JSON.stringify(textAt(volume, 'name'));
  const kinds: readonly (readonly [string, string])[] = [
    ['configMap', `ConfigMap ${JSON.stringify(textAt(objectAt(volume, 'configMap'), 'name'))}`],
    ['secret', `Secret ${JSON.stringify(textAt(objectAt(volume, 'secret'), 'secretName'))}`],
    ['downwardAPI', 'DownwardAPI'],
  ];
  const plain = kinds.flatMap(([field, shownAs]) =>
    overlapsOf(pathsOf(maybeObject(volume, field), '')).map((text) => ({ shownAs, text })),
  );
  const projected = maybeObject(volume, 'projected');
  const sources = itemsOf(projected, 'sources');
  const joined = overlapsOf(sources.flatMap(projectedPaths)).map((text) => ({ shownAs: 'Projected', text }));
  return [
    ...sources.filter(isEmpty).map(() => `volume ${name} (Projected) has no sources provided`),
    ...[...plain, ...joined].map(({ shownAs, text }) => `volume ${name} (${shownAs}): overlapping paths: ${text}`),
  ];
}

const isEmpty = (source: ObjectValue): boolean => !Object.values(source).some(isObject);

function projectedPaths(source: ObjectValue): readonly Placed[] {
  const at = (field: string): ObjectValue | undefined => maybeObject(source, field);
  const named = (what: string, name: string): string => `${what} ${JSON.stringify(name)}`;
  const [map, secret, fields] = [at('configMap'), at('secret'), at('downwardAPI')];
  if (map?.['items'] !== undefined) return pathsOf(map, named('ConfigMap', textAt(map, 'name')));
  if (secret?.['items'] !== undefined) return pathsOf(secret, named('Secret', textAt(secret, 'name')));
  if (fields?.['items'] !== undefined) return pathsOf(fields, 'DownwardAPI');
  const [token, bundle, certificate] = [at('serviceAccountToken'), at('clusterTrustBundle'), at('podCertificate')];
  if (token !== undefined) return [{ path: textAt(token, 'path'), source: 'ServiceAccountToken' }];
  if (bundle !== undefined) {
    const name = textAt(bundle, 'name') || textAt(bundle, 'signerName');
    return [{ path: textAt(bundle, 'path'), source: named('ClusterTrustBundle', name) }];
  }
  return Object.entries(certificatePaths).flatMap(([field, what]) => {
    const path = textAt(certificate, field);
    return path === '' ? [] : [{ path, source: `PodCertificate ${what}` }];
  });
}

const certificatePaths: Readonly<Record<string, string>> = {
  certificateChainPath: 'chain',
  keyPath: 'key',
  credentialBundlePath: 'credential bundle',
};
