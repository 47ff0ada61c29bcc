/** JSON with the keys of objects in one order, without absent values: equal values have equal texts. */
export function canonicalJSON(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

export function isSame(left: unknown, right: unknown): boolean {
  return canonicalJSON(left) === canonicalJSON(right);
}
