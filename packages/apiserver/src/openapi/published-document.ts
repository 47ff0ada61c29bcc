import { createHash } from 'node:crypto';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { ResourceRegistry } from '../registry/resource-registry.ts';
import { groupVersionDocument } from './group-version-document.ts';
import type { Document } from './json-document.ts';
import { rootDocuments } from './root-documents.ts';

/** A finished document: its bytes and what tells it from others. */
export interface PublishedDocument {
  readonly bytes: Uint8Array;
  /** SHA-512 in upper-case hex. */
  readonly hash: string;
}

interface Cached {
  readonly resources: readonly ResourceInfo[];
  readonly document: PublishedDocument;
}

export function publishDocument(document: Document): PublishedDocument {
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, hash: createHash('sha512').update(bytes).digest('hex').toUpperCase() };
}

/** Keeps the OpenAPI v3 documents, by path such as `apis/apps/v1`; each is made anew only when its resources change. */
export class DocumentShelf {
  readonly #registry: ResourceRegistry;
  readonly #cache = new Map<string, Cached>();
  #documents: ReadonlyMap<string, PublishedDocument> = new Map();
  #epoch = -1;

  constructor(registry: ResourceRegistry) {
    this.#registry = registry;
  }

  /** All documents by path. */
  all(): ReadonlyMap<string, PublishedDocument> {
    if (this.#epoch === this.#registry.epoch) return this.#documents;
    const byVersion = Map.groupBy(this.#registry.all(), groupVersionOf);
    const documents = new Map<string, PublishedDocument>();
    const groups = new Set<string>();
    for (const [groupVersion, resources] of byVersion) {
      documents.set(pathOf(resources[0], groupVersion), this.#documentOf(groupVersion, resources));
      groups.add(resources[0]?.group ?? '');
    }
    for (const key of this.#cache.keys()) if (!byVersion.has(key)) this.#cache.delete(key);
    for (const [path, document] of rootDocuments(groups)) documents.set(path, publishDocument(document));
    this.#documents = documents;
    this.#epoch = this.#registry.epoch;
    return documents;
  }

  #documentOf(groupVersion: string, resources: readonly ResourceInfo[]): PublishedDocument {
    const cached = this.#cache.get(groupVersion);
    if (cached !== undefined && sameItems(cached.resources, resources)) return cached.document;
    const document = publishDocument(groupVersionDocument(resources));
    this.#cache.set(groupVersion, { resources, document });
    return document;
  }
}

function pathOf(resource: ResourceInfo | undefined, groupVersion: string): string {
  return resource?.group === '' ? `api/${groupVersion}` : `apis/${groupVersion}`;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
