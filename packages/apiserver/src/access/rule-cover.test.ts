import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import { parseRules } from './policy-rule.ts';
import { describeUncovered, uncoveredRules } from './rule-cover.ts';

const rule = (
  verbs: string[],
  apiGroups: string[],
  resources: string[],
  resourceNames: string[] = [],
): ObjectValue => ({
  verbs,
  apiGroups,
  resources,
  resourceNames,
});

const cases: readonly { name: string; owned: ObjectValue[]; wanted: ObjectValue[]; missing: string[] }[] = [
  {
    name: 'the same right',
    owned: [rule(['get'], [''], ['pods'])],
    wanted: [rule(['get'], [''], ['pods'])],
    missing: [],
  },
  {
    name: 'several verbs and resources, told one resource a line',
    owned: [],
    wanted: [rule(['get', 'list'], [''], ['secrets', 'pods'])],
    missing: [
      '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    ],
  },
  {
    name: 'a wildcard by single rights',
    owned: [rule(['get'], [''], ['pods'])],
    wanted: [rule(['get'], [''], ['*'])],
    missing: ['{APIGroups:[""], Resources:["*"], Verbs:["get"]}'],
  },
  {
    name: 'all objects by a named one',
    owned: [rule(['get'], [''], ['pods'], ['a'])],
    wanted: [rule(['get'], [''], ['pods'], ['a', 'b'])],
    missing: ['{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}'],
  },
  {
    name: 'a subresource by a star',
    owned: [rule(['*'], ['*'], ['*/scale'])],
    wanted: [rule(['get'], ['apps'], ['deployments/scale'])],
    missing: [],
  },
  {
    name: 'a URL by another one',
    owned: [{ verbs: ['get'], nonResourceURLs: ['/a/*'] }],
    wanted: [{ verbs: ['get'], nonResourceURLs: ['/a/b', '/c'] }],
    missing: ['{NonResourceURLs:["/c"], Verbs:["get"]}'],
  },
];

for (const { name, owned, wanted, missing } of cases) {
  test(`${missing.length === 0 ? 'covers' : 'does not cover'} ${name}`, () => {
    assert.deepEqual(describeUncovered(uncoveredRules(parseRules(owned), parseRules(wanted))), missing);
  });
}
