import type { Affinity } from '@reeve/api/core/v1';

/** Prefers nodes, and then zones, without another pod of these labels: a preference, so that one node is enough to start. */
export function preferApart(matchLabels: Readonly<Record<string, string>>): Affinity {
  const term = (topologyKey: string, weight: number) => ({
    weight,
    podAffinityTerm: { topologyKey, labelSelector: { matchLabels } },
  });
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        term('kubernetes.io/hostname', 100),
        term('topology.kubernetes.io/zone', 50),
      ],
    },
  };
}
