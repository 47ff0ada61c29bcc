/** How many results in a row decide: Kubernetes' defaults are 1 success and 3 failures. */
export interface Thresholds {
  readonly success: number;
  readonly failure: number;
}

/** The same result, so many times in a row. */
export interface ResultRun {
  readonly ok: boolean;
  readonly count: number;
}

/** Counts one more result; the verdict is there when it has come often enough in a row. */
export function countResult(
  before: ResultRun | undefined,
  ok: boolean,
  thresholds: Thresholds,
): { readonly run: ResultRun; readonly verdict: boolean | undefined } {
  const count = before?.ok === ok ? before.count + 1 : 1;
  const needed = ok ? thresholds.success : thresholds.failure;
  return { run: { ok, count }, verdict: count >= needed ? ok : undefined };
}
