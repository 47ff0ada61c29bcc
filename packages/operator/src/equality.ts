function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equality of JSON values; a field that is undefined counts as absent. */
export function sameJSON(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJSON(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const field of fields) if (!sameJSON(a[field], b[field])) return false;
  return true;
}

/** The merge patch (RFC 7386) that turns one object into another. */
export function mergePatchBetween(from: object, to: object): Record<string, unknown> {
  const before = from as Readonly<Record<string, unknown>>;
  const after = to as Readonly<Record<string, unknown>>;
  const patch: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, wanted] = [before[field], after[field]];
    if (sameJSON(old, wanted)) continue;
    if (wanted === undefined) patch[field] = null;
    else patch[field] = isRecord(old) && isRecord(wanted) ? mergePatchBetween(old, wanted) : wanted;
  }
  return patch;
}
