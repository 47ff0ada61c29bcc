import { parseQuantity } from '@reeve/api';
import type { Container, Pod } from '@reeve/api/core/v1';

import { NodeError } from '../node-error.ts';

/** What a node can give: stands in where a container sets no limit. */
export interface NodeCapacity {
  readonly cpu: string;
  readonly memory: string;
}

/** The value of a `resourceFieldRef`, rounded up to whole multiples of its divisor. */
export function resourceValue(
  ref: { readonly resource: string; readonly divisor?: string | number | undefined },
  container: Container,
  capacity: NodeCapacity,
): string {
  const [, list, name] = /^(limits|requests)\.(.+)$/.exec(ref.resource) ?? [];
  if (list === undefined || name === undefined) {
    throw new NodeError(
      'InvalidPod',
      `the resource ${ref.resource} is not supported; write limits.cpu or requests.memory`,
    );
  }
  const { limits, requests } = container.resources ?? {};
  const own = list === 'limits' ? limits?.[name] : requests?.[name];
  const standIn = list === 'limits' && (name === 'cpu' || name === 'memory') ? capacity[name] : '0';
  const amount = parseQuantity(String(own ?? standIn)).nano;
  const divisor = parseQuantity(divisorText(ref.divisor)).nano;
  return String((amount + divisor - 1n) / divisor);
}

function divisorText(divisor: string | number | undefined): string {
  return divisor === undefined || String(divisor) === '0' || divisor === '' ? '1' : String(divisor);
}

/** The container that a downward API volume names. */
export function containerNamed(pod: Pod, name: string | undefined): Container {
  const all = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const found = all.find((container) => container.name === name);
  if (found === undefined) throw new NodeError('InvalidPod', `the pod has no container ${String(name)}`);
  return found;
}
