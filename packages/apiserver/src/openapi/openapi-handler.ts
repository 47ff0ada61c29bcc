import { gzipSync } from 'node:zlib';
import type { WireResponse } from '@reeve/api';
import { preferred } from '../discovery/media-range.ts';
import { bytesAnswer, jsonType } from '../discovery/plain-answer.ts';
import type { PathHandler } from '../parts.ts';
import type { RequestContext } from '../pipeline/context.ts';
import { pageNotFound, textResponse } from '../pipeline/responses.ts';
import type { ResourceRegistry } from '../registry/resource-registry.ts';
import type { Document } from './json-document.ts';
import { encodeV2, v2Type } from './protobuf-v2.ts';
import { encodeV3, v3Type } from './protobuf-v3.ts';
import { DocumentShelf, publishDocument, type PublishedDocument } from './published-document.ts';
import { swaggerDocument } from './swagger.ts';
import { methodNotAllowed } from '../status-error.ts';

const v3Root = '/openapi/v3';
/** What clients ask for; kube-apiserver answers with the same name less the `@`. */
const v2Asked = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const v3Asked = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';

/** Answers `/openapi/v3`, its documents, and `/openapi/v2`. */
export function openapiHandler(registry: ResourceRegistry): PathHandler {
  const shelf = new DocumentShelf(registry);
  const swagger = new Swagger(registry, shelf);
  return async (context) => {
    const path = context.info.path.replace(/\/$/, '');
    if (path !== '/openapi' && !path.startsWith('/openapi/')) return undefined;
    if (path !== v3Root && !path.startsWith(`${v3Root}/`) && path !== '/openapi/v2') return pageNotFound();
    if (context.request.method !== 'GET' && context.request.method !== 'HEAD') throw methodNotAllowed();
    if (path === '/openapi/v2') return swaggerAnswer(context, swagger);
    return path === v3Root ? indexAnswer(shelf) : documentAnswer(context, shelf, path.slice(v3Root.length + 1));
  };
}

function indexAnswer(shelf: DocumentShelf): WireResponse {
  const paths = [...shelf.all()].map(([path, { hash }]) => [
    path,
    { serverRelativeURL: `${v3Root}/${path}?hash=${hash}` },
  ]);
  return textResponse(200, JSON.stringify({ paths: Object.fromEntries(paths) }));
}

/** A right hash lets clients keep the document for ever; a wrong one leads to the right one. */
function documentAnswer({ request, info }: RequestContext, shelf: DocumentShelf, path: string): WireResponse {
  const document = shelf.all().get(path);
  if (document === undefined) return withoutBody(404);
  const type = preferred(request.headers['accept'], [jsonType, v3Type, v3Asked]);
  if (type === undefined) return withoutBody(406);
  const hash = info.query.get('hash');
  if (hash !== null && hash !== document.hash) {
    return { ...withoutBody(301), headers: { location: `${v3Root}/${path}?hash=${document.hash}` } };
  }
  const caching = hash === null ? 'no-cache, private' : 'public, immutable';
  if (type !== jsonType)
    return finish(request.headers, document, { bytes: encodeV3(parse(document)), type: v3Type, caching });
  return finish(request.headers, document, { bytes: document.bytes, type: jsonType, caching });
}

function parse({ bytes }: PublishedDocument): Document {
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as Document;
}

interface Form {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly caching: string;
}

function finish(asked: Readonly<Record<string, string>>, { hash }: PublishedDocument, form: Form): WireResponse {
  const tag = `"${hash}"`;
  const headers = { etag: tag, 'cache-control': form.caching, vary: 'Accept-Encoding, Accept' };
  if (asked['if-none-match'] === tag) return { ...withoutBody(304), headers };
  const packed = (asked['accept-encoding'] ?? '').includes('gzip') && form.bytes.byteLength > 1024;
  const answer = bytesAnswer(packed ? gzipSync(form.bytes, { level: 1 }) : form.bytes, 200, form.type);
  const encoding = packed ? { 'content-encoding': 'gzip' } : {};
  return { ...answer, headers: { ...answer.headers, ...headers, ...encoding } };
}

function withoutBody(status: number): WireResponse {
  return { status, headers: {}, body: nothing() };
}

async function* nothing(): AsyncIterable<Uint8Array> {}

/** The v2 document, made when somebody asks for it. */
class Swagger {
  readonly #registry: ResourceRegistry;
  readonly #shelf: DocumentShelf;
  #epoch = -1;
  #document: PublishedDocument | undefined;

  constructor(registry: ResourceRegistry, shelf: DocumentShelf) {
    this.#registry = registry;
    this.#shelf = shelf;
  }

  get(): PublishedDocument {
    if (this.#document === undefined || this.#epoch !== this.#registry.epoch) {
      this.#epoch = this.#registry.epoch;
      this.#document = publishDocument(swaggerDocument([...this.#shelf.all().values()].map(parse)));
    }
    return this.#document;
  }
}

function swaggerAnswer({ request }: RequestContext, swagger: Swagger): WireResponse {
  const type = preferred(request.headers['accept'], [jsonType, v2Type, v2Asked]);
  if (type === undefined) return withoutBody(406);
  const document = swagger.get();
  const caching = 'no-cache, private';
  if (type !== jsonType)
    return finish(request.headers, document, { bytes: encodeV2(parse(document)), type: v2Type, caching });
  return finish(request.headers, document, { bytes: document.bytes, type: jsonType, caching });
}
