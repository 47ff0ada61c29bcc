import { Secret } from '@reeve/api/core/v1';
import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Applied } from '@reeve/kube';

/**
 * A secret with its `stringData` encoded into `data`. The server answers only `data`: a wish in the other field could not
 * be compared with it, and somebody else's change would go unnoticed.
 */
export function encodedSecret<C extends KubeObject>(resource: ResourceDescriptor<C>, desired: Applied<C>): Applied<C> {
  if (resource.group !== Secret.group || resource.plural !== Secret.plural) return desired;
  const { stringData, ...rest } = desired as Applied<Secret>;
  if (stringData === undefined) return desired;
  const encoded = Object.entries(stringData).map(([key, text]): [string, string] => [
    key,
    Buffer.from(text ?? '').toString('base64'),
  ]);
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } } as Applied<Secret> & Applied<C>;
}
