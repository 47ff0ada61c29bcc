import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonLines } from './json-lines.ts';

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, place] of places.entries()) yield new Uint8Array(bytes.subarray(place, places[index + 1]));
}

test('lines come out whole however the network cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 1 }).filter((line) => !line.includes('\n'))),
      fc.array(fc.nat()),
      fc.boolean(),
      async (lines, cuts, ended) => {
        const bytes = Buffer.from(lines.join('\n') + (ended ? '\n' : ''));
        const seen: string[] = [];
        for await (const batch of jsonLines(chunksOf(bytes, cuts))) seen.push(...batch.map((line) => line.toString()));
        assert.deepEqual(
          seen,
          Buffer.from(lines.join('\n')).length === 0 ? [] : lines.map((line) => Buffer.from(line).toString()),
        );
      },
    ),
  );
});
