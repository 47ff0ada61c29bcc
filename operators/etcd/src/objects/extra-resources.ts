import { canonicalQuantity, compareQuantities, formatQuantity, parseQuantity, subtractQuantities } from '@reeve/api';

type Amounts = Readonly<Record<string, string | number>>;

/** What `wanted` asks for beyond `current`, by resource. */
export function moreThan(wanted: Amounts, current: Amounts): Readonly<Record<string, string>> {
  const extra = Object.entries(wanted).flatMap(([name, amount]) => {
    const [more, have] = [String(amount), String(current[name] ?? '0')];
    if (compareQuantities(more, have) <= 0) return [];
    const rest = subtractQuantities(parseQuantity(more), parseQuantity(have));
    return [[name, canonicalQuantity(formatQuantity(rest))] as const];
  });
  return Object.fromEntries(extra);
}
