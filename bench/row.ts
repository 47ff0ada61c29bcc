/** One measured figure. `aim` is what the project wants it to be at most, or at least for rates. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | '1/s' | 'ratio';
  readonly aim?: string;
}

export const row = (name: string, value: number, unit: Row['unit'], aim?: string): Row => ({
  name,
  value: Number(value.toPrecision(3)),
  unit,
  ...(aim === undefined ? {} : { aim }),
});

/** The middle of several runs. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function printRows(rows: readonly Row[]): void {
  for (const { name, value, unit, aim } of rows) {
    const shown = `${value} ${unit === 'ratio' ? '×' : unit}`;
    console.log(`${name.padEnd(64)}${shown.padStart(14)}${aim === undefined ? '' : `   aim: ${aim}`}`);
  }
}
