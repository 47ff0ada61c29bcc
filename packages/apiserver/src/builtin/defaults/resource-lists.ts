import { formatQuantity, parseQuantity } from '@reeve/api';
import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';

/** Amounts finer than a thousandth, which resource lists do not keep. */
const fine = /[nu.eE]/;
const milli = 1_000_000n;

/** Rounds every amount of a resource list up to thousandths, in place. */
export function roundResourceList(list: ObjectValue[string] | undefined): void {
  if (!isObject(list)) return;
  for (const [name, amount] of Object.entries(list)) {
    if (typeof amount !== 'string' || !fine.test(amount)) continue;
    const { nano, format } = parseQuantity(amount);
    if (nano % milli === 0n) continue;
    const up = nano > 0n ? nano - (nano % milli) + milli : nano - (nano % milli) - milli;
    list[name] = formatQuantity({ nano: up, format });
  }
}
