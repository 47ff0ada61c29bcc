import type { Document } from './json-document.ts';

/** Documents of the paths outside of the resources: discovery, version, the issuer's keys. */
export function* rootDocuments(groups: Iterable<string>): Generator<readonly [string, Document]> {
  yield [
    '.well-known/openid-configuration',
    pathDocument('/.well-known/openid-configuration/', 'Metadata of the issuer.'),
  ];
  yield ['openid/v1/jwks', pathDocument('/openid/v1/jwks/', 'Keys that sign tokens of service accounts.')];
  yield ['version', pathDocument('/version/', 'The version of the server.')];
  yield ['api', pathDocument('/api/', 'Versions of the core group.')];
  yield ['apis', pathDocument('/apis/', 'All groups.')];
  for (const group of groups) {
    if (group !== '') yield [`apis/${group}`, pathDocument(`/apis/${group}/`, 'Versions of the group.')];
  }
}

function pathDocument(path: string, description: string): Document {
  const content = { 'application/json': { schema: { type: 'object' } } };
  const get = { description, responses: { 200: { description: 'OK', content }, 401: { description: 'Unauthorized' } } };
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths: { [path]: { get } } };
}
