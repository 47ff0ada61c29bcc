import type { Pod, PodAffinityTerm } from '@reeve/api/core/v1';
import { selects } from './cluster-view.ts';
import type { ClusterView, NodeView } from './cluster-view.ts';

type Kind = 'podAffinity' | 'podAntiAffinity';

function requiredTerms(pod: Pod, kind: Kind): readonly PodAffinityTerm[] {
  return pod.spec?.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** Whether `other` is one of the pods that a term of `pod` speaks of. */
function concerns(term: PodAffinityTerm, pod: Pod, other: Pod, view: ClusterView): boolean {
  const namespace = other.metadata?.namespace ?? '';
  const named = term.namespaces ?? [];
  const isSelected = term.namespaceSelector
    ? view.namespaces.some(
        ({ metadata }) => metadata?.name === namespace && selects(term.namespaceSelector, metadata.labels),
      )
    : named.length === 0 && namespace === pod.metadata?.namespace;
  return (isSelected || named.includes(namespace)) && selects(term.labelSelector, other.metadata?.labels);
}

function isSameDomain(a: NodeView, b: NodeView, key: string): boolean {
  const value = a.node.metadata?.labels?.[key];
  return value !== undefined && value === b.node.metadata?.labels?.[key];
}

function podsInDomain(at: NodeView, key: string, view: ClusterView): readonly Pod[] {
  return view.nodes.filter((other) => isSameDomain(at, other, key)).flatMap(({ pods }) => pods);
}

/** Every required affinity term finds a pod in the node's domain, or the pod would be the first of its own group. */
export function meetsAffinity(pod: Pod, at: NodeView, view: ClusterView): boolean {
  return requiredTerms(pod, 'podAffinity').every((term) => {
    if (at.node.metadata?.labels?.[term.topologyKey] === undefined) return false;
    if (podsInDomain(at, term.topologyKey, view).some((other) => concerns(term, pod, other, view))) return true;
    const isFirst = !view.nodes.some(({ pods }) => pods.some((other) => concerns(term, pod, other, view)));
    return isFirst && concerns(term, pod, pod, view);
  });
}

/** None of the pod's own anti-affinity terms finds a pod in the node's domain. */
export function meetsAntiAffinity(pod: Pod, at: NodeView, view: ClusterView): boolean {
  return !requiredTerms(pod, 'podAntiAffinity').some((term) =>
    podsInDomain(at, term.topologyKey, view).some((other) => concerns(term, pod, other, view)),
  );
}

/** No pod in a domain of the node has an anti-affinity term that this pod would break. */
export function meetsOthersAntiAffinity(pod: Pod, at: NodeView, view: ClusterView): boolean {
  return !view.nodes.some((place) =>
    place.pods.some((other) =>
      requiredTerms(other, 'podAntiAffinity').some(
        (term) => isSameDomain(at, place, term.topologyKey) && concerns(term, other, pod, view),
      ),
    ),
  );
}

/** Weights of the preferred affinity terms met, less those of the preferred anti-affinity terms broken. */
export function podPreference(pod: Pod, at: NodeView, view: ClusterView): number {
  const sum = (kind: Kind): number =>
    (pod.spec?.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      .map(({ weight, podAffinityTerm }) => {
        const found = podsInDomain(at, podAffinityTerm.topologyKey, view).filter((other) =>
          concerns(podAffinityTerm, pod, other, view),
        );
        return weight * found.length;
      })
      .reduce((a, b) => a + b, 0);
  return sum('podAffinity') - sum('podAntiAffinity');
}
