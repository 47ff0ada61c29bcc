import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesFields, parseFieldSelector } from './field-selector.ts';
import { labelRequirements, matchesLabels, parseLabelSelector } from './label-selector.ts';

const labels = { app: 'web', tier: 'front', size: '3', empty: '' };

const cases: readonly (readonly [string, boolean])[] = [
  ['', true],
  ['app=web', true],
  ['app==web,tier!=back', true],
  ['app in (web, db)', true],
  ['app notin (web)', false],
  ['x notin (a)', true],
  ['x', false],
  ['!x', true],
  ['! app', false],
  ['size>2,size<4', true],
  ['size>3', false],
  ['empty=', true],
  ['empty in ()', true],
  ['app in (,web)', true],
];

test('label selectors match by their requirements', () => {
  for (const [text, expected] of cases) assert.equal(matchesLabels(parseLabelSelector(text), labels), expected, text);
});

test('a selector that cannot be read is told in the words of Kubernetes', () => {
  assert.throws(() => parseLabelSelector('a in'), { message: "unable to parse requirement: found '' expected: '('" });
  assert.throws(() => parseLabelSelector('a=b,'), { message: "found '', expected: identifier after ','" });
  assert.throws(() => parseLabelSelector('a=b c'), { message: "found 'c', expected: ',' or 'end of string'" });
  assert.throws(() => parseLabelSelector('a>x'), /must be an integer/);
});

test('no selector object selects nothing, an empty one everything', () => {
  assert.equal(matchesLabels(labelRequirements(undefined), labels), false);
  assert.equal(matchesLabels(labelRequirements({}), labels), true);
  const requirements = labelRequirements({ matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] });
  assert.equal(matchesLabels(requirements, labels), true);
});

test('field selectors unescape their values and match all terms', () => {
  const requirements = parseFieldSelector('metadata.name=a\\,b,spec.x!=1');
  const values: Record<string, string> = { 'metadata.name': 'a,b', 'spec.x': '2' };
  assert.equal(
    matchesFields(requirements, (field) => values[field]),
    true,
  );
  assert.throws(() => parseFieldSelector('x'), { message: "invalid selector: 'x'; can't understand 'x'" });
});
