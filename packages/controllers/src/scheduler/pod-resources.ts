import { quantityMilliValue, quantityValue } from '@reeve/api';
import type { IntOrString } from '@reeve/api';
import type { Container, Pod } from '@reeve/api/core/v1';

/** Amounts by resource name: milli-cores for `cpu`, plain units (bytes) for the rest. */
export type Amounts = ReadonlyMap<string, number>;

/** Reads a map of quantities, such as `status.allocatable` or `resources.requests`. */
export function amountsOf(quantities: Readonly<Record<string, IntOrString>> | undefined): Amounts {
  return new Map(
    Object.entries(quantities ?? {}).map(([name, quantity]) => {
      const text = String(quantity);
      return [name, name === 'cpu' ? quantityMilliValue(text) : quantityValue(text)];
    }),
  );
}

export function addAmounts(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (a, b) => a + b);
}

function maxAmounts(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, Math.max);
}

function combine(left: Amounts, right: Amounts, operate: (a: number, b: number) => number): Amounts {
  const names = new Set([...left.keys(), ...right.keys()]);
  return new Map([...names].map((name) => [name, operate(left.get(name) ?? 0, right.get(name) ?? 0)]));
}

/**
 * What a pod asks of its node: the sum of its containers and sidecars, or the most that any moment of its
 * initialisation takes, plus overhead (KEP-753).
 */
export function podRequests(pod: Pod): Amounts {
  const requestsOf = (container: Container): Amounts => amountsOf(container.resources?.requests);
  const running = (pod.spec?.containers ?? []).map(requestsOf).reduce(addAmounts, new Map());
  let sidecars: Amounts = new Map();
  let starting: Amounts = new Map();
  for (const container of pod.spec?.initContainers ?? []) {
    const asked = requestsOf(container);
    if (container.restartPolicy === 'Always') {
      sidecars = addAmounts(sidecars, asked);
      starting = maxAmounts(starting, sidecars);
    } else {
      starting = maxAmounts(starting, addAmounts(sidecars, asked));
    }
  }
  const most = maxAmounts(addAmounts(running, sidecars), starting);
  return addAmounts(most, amountsOf(pod.spec?.overhead));
}
