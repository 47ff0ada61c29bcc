import type { Document } from './json-document.ts';

/** One document for everything in the older form (Swagger 2.0), made from the v3 documents. */
export function swaggerDocument(documents: Iterable<Document>): Document {
  const definitions: Record<string, unknown> = {};
  const paths: Record<string, unknown> = {};
  for (const document of documents) {
    Object.assign(definitions, downgrade(schemasOf(document)));
    for (const [path, item] of Object.entries(record(document['paths']))) paths[path] = pathItem(record(item));
  }
  return { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths, definitions };
}

function record(value: unknown): Document {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function schemasOf(document: Document): Document {
  return record(record(document['components'])['schemas']);
}

/** `allOf` with one reference becomes that reference; OpenAPI 2 knows neither nullable nor anyOf. */
function downgrade(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(downgrade);
  if (typeof value !== 'object' || value === null) return value;
  const { allOf, anyOf: _anyOf, oneOf: _oneOf, not: _not, nullable: _nullable, ...rest } = record(value);
  const merged = Array.isArray(allOf) && allOf.length === 1 ? { ...rest, ...record(allOf[0]) } : rest;
  return Object.fromEntries(
    Object.entries(merged).map(([key, item]) => [key, key === '$ref' ? reference(item) : downgrade(item)]),
  );
}

function reference(target: unknown): string {
  return String(target).replace('#/components/schemas/', '#/definitions/');
}

const methods = new Set(['get', 'put', 'post', 'delete', 'patch']);

function pathItem(item: Document): Document {
  const entries = Object.entries(item).map(([key, value]) => {
    if (key === 'parameters' && Array.isArray(value)) return [key, value.map(parameter)];
    return [key, methods.has(key) ? operation(record(value)) : value];
  });
  return Object.fromEntries(entries);
}

function parameter(value: unknown): Document {
  const { schema, ...rest } = record(value);
  return { ...rest, ...record(schema) };
}

function operation({ requestBody, parameters, responses, ...rest }: Document): Document {
  const content = record(record(requestBody)['content']);
  const [media] = Object.values(content);
  const body = { name: 'body', in: 'body', required: true, schema: downgrade(record(media)['schema']) };
  const own = Array.isArray(parameters) ? parameters.map(parameter) : [];
  return {
    ...rest,
    consumes: media === undefined ? ['*/*'] : Object.keys(content),
    produces: ['application/json', 'application/yaml'],
    schemes: ['https'],
    parameters: media === undefined ? own : [body, ...own],
    responses: Object.fromEntries(
      Object.entries(record(responses)).map(([code, value]) => [code, response(record(value))]),
    ),
  };
}

function response({ description, content }: Document): Document {
  const [media] = Object.values(record(content));
  return media === undefined ? { description } : { description, schema: downgrade(record(media)['schema']) };
}
