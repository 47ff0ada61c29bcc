import type { Pod, Volume } from '@reeve/api/core/v1';

/** A volume of the pod shows this config map or secret. */
export function mountsObject({ spec }: Pod, kind: 'ConfigMap' | 'Secret', name: string): boolean {
  return (spec?.volumes ?? []).some((volume) => namesOf(volume, kind).includes(name));
}

function namesOf(
  { configMap, secret, projected }: Volume,
  kind: 'ConfigMap' | 'Secret',
): readonly (string | undefined)[] {
  const sources = projected?.sources ?? [];
  return kind === 'ConfigMap'
    ? [configMap?.name, ...sources.map((source) => source.configMap?.name)]
    : [secret?.secretName, ...sources.map((source) => source.secret?.name)];
}
