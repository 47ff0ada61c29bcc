import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequestInfo } from './request-info.ts';

const cases = [
  { line: 'GET /version', is: { isResource: false, verb: 'get' } },
  { line: 'GET /api/v1', is: { isResource: false } },
  { line: 'GET /apis/apps/v1', is: { isResource: false } },
  { line: 'GET /api/v1/pods', is: { verb: 'list', resource: 'pods', namespace: '', group: '' } },
  { line: 'GET /api/v1/pods?watch=1', is: { verb: 'watch' } },
  { line: 'GET /api/v1/pods?watch=0', is: { verb: 'list' } },
  { line: 'GET /api/v1/namespaces/a', is: { verb: 'get', resource: 'namespaces', name: 'a', namespace: 'a' } },
  { line: 'PUT /api/v1/namespaces/a/finalize', is: { resource: 'namespaces', subresource: 'finalize', name: 'a' } },
  {
    line: 'PATCH /apis/apps/v1/namespaces/a/deployments/b/scale',
    is: { verb: 'patch', group: 'apps', version: 'v1', resource: 'deployments', name: 'b', subresource: 'scale' },
  },
  {
    line: 'GET /api/v1/namespaces/a/services/b/proxy/x/y',
    is: { subresource: 'proxy', rest: ['x', 'y'], isInNamespace: true },
  },
  { line: 'DELETE /api/v1/namespaces/a/pods', is: { verb: 'deletecollection', name: '' } },
  { line: 'DELETE /api/v1/namespaces/a/pods/b', is: { verb: 'delete', name: 'b' } },
  { line: 'GET /api/v1/pods?fieldSelector=metadata.name%3Da', is: { verb: 'list', name: 'a', pathName: '' } },
  { line: 'GET /api/v1/watch/namespaces/a/pods', is: { verb: 'watch', isLegacyWatch: true, resource: 'pods' } },
  { line: 'HEAD /api/v1/pods', is: { verb: 'list' } },
  { line: 'OPTIONS /api/v1/pods', is: { verb: '' } },
  { line: 'GET /api/v1/namespaces/a/pods/b%2Fc', is: { name: 'b', subresource: 'c' } },
  { line: 'GET /api//v1/pods', is: { version: '', resource: 'v1' } },
  { line: 'GET /api/v1/pods/', is: { verb: 'list', resource: 'pods' } },
  { line: 'GET //api/v1/pods', is: { isResource: false } },
];

for (const { line, is } of cases) {
  test(`${line} is understood`, () => {
    const [method = '', path = ''] = line.split(' ');
    const info = parseRequestInfo(method, path);
    assert.deepEqual({ ...info, ...is }, info);
  });
}
