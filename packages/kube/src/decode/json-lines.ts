import { asBuffer } from '../body.ts';

const newline = 10;

/** Splits a body into lines, yielding the complete lines of each chunk together; they view the chunk, uncopied. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Buffer[], void, undefined> {
  let partial: Buffer[] = [];
  for await (const bytes of body) {
    const chunk = asBuffer(bytes);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const line = chunk.subarray(start, end);
      lines.push(partial.length === 0 ? line : Buffer.concat([...partial, line]));
      partial = [];
      start = end + 1;
    }
    if (start < chunk.length) partial.push(chunk.subarray(start));
    const filled = lines.filter((line) => line.length > 0);
    if (filled.length > 0) yield filled;
  }
  const last = Buffer.concat(partial);
  if (last.length > 0) yield [last];
}
