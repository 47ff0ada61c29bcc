/** Counts the indexes in `1,3-5`; a text says what is wrong with them. */
export function readIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let last = -1;
  for (const part of text.split(',')) {
    const [first = '', second, ...more] = part.split('-');
    if (more.length > 0)
      return `the fragment ${JSON.stringify(part)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    const range = [first, ...(second === undefined ? [] : [second])];
    for (const bound of range) {
      const problem = boundProblem(bound, completions);
      if (problem !== undefined) return problem;
    }
    const [from = 0, to = Number(first)] = range.map(Number);
    if (last >= from) return `non-increasing order, previous: ${last}, current: ${from}`;
    if (range.length === 2 && from >= to) return `non-increasing order, previous: ${from}, current: ${to}`;
    total += range.length === 2 ? to - from + 1 : 1;
    last = range.length === 2 ? to : from;
  }
  return total;
}

function boundProblem(text: string, completions: number): string | undefined {
  if (!/^[+-]?\d+$/.test(text)) return `cannot convert string to integer for index: ${JSON.stringify(text)}`;
  return Number(text) >= completions ? `too large index: ${JSON.stringify(text)}` : undefined;
}
