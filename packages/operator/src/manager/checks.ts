/** A named condition of health; it throws with the reason while it does not hold. */
export interface Check {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** What all checks say. */
export interface Verdict {
  readonly ok: boolean;
  /** One line a check, as kube-apiserver's `?verbose`. */
  readonly text: string;
}

async function outcome({ name, run }: Check): Promise<{ readonly ok: boolean; readonly line: string }> {
  try {
    await run();
    return { ok: true, line: `[+]${name} ok` };
  } catch (error) {
    return { ok: false, line: `[-]${name} failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Runs all checks. */
export async function verdictOf(checks: readonly Check[]): Promise<Verdict> {
  const outcomes = await Promise.all(checks.map(outcome));
  const ok = outcomes.every((each) => each.ok);
  return { ok, text: [...outcomes.map(({ line }) => line), ok ? 'check passed' : 'check failed', ''].join('\n') };
}
