import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import { takenNames, updateStatus } from './definition-status.ts';

const at = Date.parse('2026-01-01T00:00:00Z');

function definition(uid: string, names: ObjectValue, group = 'example.com'): ObjectValue {
  return { metadata: { uid, name: `${String(names['plural'])}.${group}` }, spec: { group, names, versions: [] } };
}

/** Takes the names of definitions one after the other, as the server does. */
function accept(...definitions: readonly ObjectValue[]): void {
  for (const each of definitions) updateStatus(each, takenNames(each, definitions), at);
}

function conditions({ status }: ObjectValue): Record<string, string> {
  const found = (status as { readonly conditions?: readonly Record<string, string>[] }).conditions ?? [];
  return Object.fromEntries(
    found.map(({ type, status: value, reason, message }) => [`${type}=${value}`, `${reason}: ${message}`]),
  );
}

const widget = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
const gadget = { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' };

const accepted = {
  'NamesAccepted=True': 'NoConflicts: no conflicts found',
  'Established=True': 'InitialNamesAccepted: the initial names have been accepted',
};
const refused = (text: string): Record<string, string> => ({
  'NamesAccepted=False': text,
  'Established=False': 'NotAccepted: not all names are accepted',
});

test('a definition whose names are free is established', () => {
  const first = definition('1', widget);
  accept(first);
  assert.deepEqual(conditions(first), accepted);
  assert.deepEqual((first['status'] as ObjectValue)['acceptedNames'], widget);
});

test('names of another definition of the group are refused', () => {
  const cases: readonly (readonly [ObjectValue, string])[] = [
    [{ ...gadget, singular: 'widget' }, 'SingularConflict: "widget" is already in use'],
    [{ ...gadget, kind: 'Widget' }, 'KindConflict: "Widget" is already in use'],
    [{ ...gadget, listKind: 'WidgetList' }, 'ListKindConflict: "WidgetList" is already in use'],
    [{ ...gadget, shortNames: ['g', 'widgets'] }, 'ShortNamesConflict: "widgets" is already in use'],
  ];
  for (const [names, reason] of cases) {
    const [first, second] = [definition('1', widget), definition('2', names)];
    accept(first, second);
    assert.deepEqual(conditions(second), refused(reason));
  }
});

test('other groups do not matter', () => {
  const [first, second] = [definition('1', widget), definition('2', widget, 'other.example.com')];
  accept(first, second);
  assert.deepEqual(conditions(second), accepted);
});

test('names that become free are taken, and what is established stays so', () => {
  const [first, second] = [definition('1', widget), definition('2', { ...gadget, kind: 'Widget' })];
  accept(first, second);
  updateStatus(second, takenNames(second, [second]), at);
  assert.deepEqual(conditions(second), accepted);
  const third = definition('3', { ...gadget, shortNames: ['w'] });
  accept(third);
  (second['spec'] as ObjectValue)['names'] = { ...gadget, kind: 'Widget', shortNames: ['w'] };
  updateStatus(second, takenNames(second, [second, third]), at);
  assert.equal(conditions(second)['Established=True'], accepted['Established=True']);
  assert.ok('NamesAccepted=False' in conditions(second));
});
