/** Completion indexes as the API writes them: `0,2-4`, ascending, two neighbours as `1,2`. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const runs: { readonly first: number; last: number }[] = [];
  for (const index of [...indexes].toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.last === index - 1) run.last = index;
    else runs.push({ first: index, last: index });
  }
  return runs
    .map(({ first, last }) =>
      first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`,
    )
    .join(',');
}

/** Reads what `formatIndexes` writes; indexes from `limit` on are left out. */
export function parseIndexes(text: string | undefined, limit: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const run of (text ?? '').split(',').filter((part) => part !== '')) {
    const [first = 0, last = first] = run.split('-').map(Number);
    for (let index = first; index <= Math.min(last, limit - 1); index++) found.add(index);
  }
  return found;
}
