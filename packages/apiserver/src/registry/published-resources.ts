import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SubresourceInfo } from './resource-info.ts';

/** One built-in resource as `data/resources.json.gz` has it: recorded discovery of Kubernetes 1.36. */
export interface PublishedResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
  readonly subresources?: readonly SubresourceInfo[];
}

export interface PublishedResources {
  /** In discovery order, preferred version first. */
  readonly groups: readonly { readonly name: string; readonly versions: readonly string[] }[];
  /** By group version. */
  readonly resources: Readonly<Record<string, readonly PublishedResource[]>>;
}

let loaded: PublishedResources | undefined;

/** The built-in resources; read once. */
export function publishedResources(): PublishedResources {
  loaded ??= readData<PublishedResources>('resources.json.gz');
  return loaded;
}

/** Reads one of the package's compressed data files; the caller names its shape. */
export function readData<T>(name: string): T {
  const bytes = gunzipSync(readFileSync(new URL(`../../data/${name}`, import.meta.url)));
  return JSON.parse(bytes.toString('utf8')) as T;
}
