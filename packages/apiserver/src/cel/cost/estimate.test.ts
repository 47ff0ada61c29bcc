import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declarationOf } from '../../crd/schema-declaration.ts';
import { parseSchema } from '../../crd/schema.ts';
import { environment } from '../environment.ts';
import { compileProgram } from '../program.ts';
import { estimateCost } from './estimate.ts';
import type { Range } from './range.ts';

const declared = declarationOf(
  parseSchema({
    type: 'object',
    properties: {
      count: { type: 'integer' },
      short: { type: 'string', maxLength: 10 },
      long: { type: 'string' },
      few: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 10 } },
      many: { type: 'array', items: { type: 'integer' } },
      map: { type: 'object', maxProperties: 3, additionalProperties: { type: 'integer' } },
    },
  }),
  false,
);
assert.ok(declared);

function costOf(source: string): Range {
  const compiled = compileProgram(source, environment({ self: declared?.type ?? { kind: 'dyn' } }));
  assert.ok('program' in compiled, 'error' in compiled ? compiled.error : '');
  assert.ok(declared);
  return estimateCost(compiled.program.checked, declared);
}

test('the cost of an expression follows what it may walk through', () => {
  const costs: readonly (readonly [string, number, number])[] = [
    ['true', 0, 0],
    ['self.count > 1', 3, 3],
    ['self.count > 1 && self.count < 5', 3, 6],
    ['self.short == "a"', 3, 3],
    ['self.few.size() == 1', 4, 4],
  ];
  for (const [source, min, max] of costs) assert.deepEqual(costOf(source), { min, max }, source);
});

test('limits of lists, maps and texts make expressions cheaper', () => {
  const cheaper: readonly (readonly [string, string])[] = [
    ['self.few.all(x, x != "")', 'self.many.all(x, x != 0)'],
    ['self.short.matches("^a+$")', 'self.long.matches("^a+$")'],
    ['self.short.contains("a")', 'self.long.contains("a")'],
    ['self.map.all(k, k.matches("^a+$"))', 'self.few.all(x, x.matches("^a+$"))'],
    ['self.map.all(k, self.map[k] > 0)', 'self.many.all(i, self.many[i] > 0)'],
    ['self.few.all(x, true)', 'self.few.all(x, self.few.all(y, x != y))'],
  ];
  for (const [cheap, dear] of cheaper) assert.ok(costOf(cheap).max < costOf(dear).max, cheap);
});
