import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '../status-error.ts';
import { negotiate, takesOnlyProtobuf } from './negotiate.ts';

const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const protobuf = 'application/vnd.kubernetes.protobuf';

const cases = [
  { accept: undefined, form: 'json plain' },
  { accept: '*/*', form: 'json plain' },
  { accept: 'application/json;stream=watch', form: 'json plain' },
  { accept: table, form: 'json table v1' },
  { accept: `application/json;as=Table;g=meta.k8s.io;v=v9,${table}`, form: 'json table v1' },
  { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1', form: 'json partial v1beta1' },
  { accept: 'application/json;q=0.1,application/yaml;q=0.9', form: 'yaml plain' },
  { accept: `${protobuf},application/json`, form: 'json plain' },
  { accept: protobuf, form: 'protobuf plain' },
  { accept: protobuf, custom: true, form: '406' },
  { accept: `${protobuf};as=Table;g=meta.k8s.io;v=v1`, form: '406' },
  { accept: 'text/html', form: '406' },
  { accept: 'application/*', form: '406' },
  { accept: 'application/*', custom: true, form: 'json plain' },
];

function formOf(accept: string | undefined, custom: boolean): string {
  try {
    const form = negotiate(accept, 'object', custom);
    return `${form.media} ${form.type}${form.type === 'plain' ? '' : ` ${form.version}`}`;
  } catch (error) {
    assert.ok(error instanceof StatusError);
    return String(error.status.code);
  }
}

for (const { accept, custom = false, form } of cases) {
  test(`Accept: ${accept ?? '(none)'} of a ${custom ? 'custom' : 'built-in'} resource is answered as ${form}`, () => {
    assert.equal(formOf(accept, custom), form);
  });
}

test('errors are told in protobuf to those who take nothing else', () => {
  assert.equal(takesOnlyProtobuf(protobuf), true);
  assert.equal(takesOnlyProtobuf(`${protobuf},application/json`), false);
  assert.equal(takesOnlyProtobuf(undefined), false);
});
