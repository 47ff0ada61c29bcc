/** From at least to at most; a cost, or a size in elements or characters. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** More than any budget: cel-go counts in uint64 and stops there. */
export const unbounded: number = 2 ** 64;

const capped = (value: number): number => Math.min(value, unbounded);

export const fixed = (value: number): Range => ({ min: value, max: value });
export const anySize: Range = { min: 0, max: unbounded };

export const plus = (a: Range, b: Range): Range => ({ min: capped(a.min + b.min), max: capped(a.max + b.max) });
export const times = (a: Range, b: Range): Range => ({ min: product(a.min, b.min), max: product(a.max, b.max) });
export const union = (a: Range, b: Range): Range => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) });

/** A size times a cost per unit, rounded up. */
export const scale = (size: Range, factor: number): Range => ({
  min: capped(Math.ceil(size.min * factor)),
  max: capped(Math.ceil(size.max * factor)),
});

export const sum = (ranges: readonly Range[]): Range => ranges.reduce(plus, fixed(0));

function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : capped(a * b);
}
