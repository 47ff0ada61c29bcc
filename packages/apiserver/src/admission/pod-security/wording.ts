/** `"a", "b"`. */
export const quoted = (items: readonly string[]): string => `"${items.join('", "')}"`;

/** `container "a"`, `containers "a", "b"`. */
export const namedContainers = (names: readonly string[]): string =>
  `${names.length === 1 ? 'container' : 'containers'} ${quoted(names)}`;

/** Who sets something: the pod, some of its containers, or both. */
export function settersOf(isPod: boolean, containers: readonly string[]): readonly string[] {
  return [...(isPod ? ['pod'] : []), ...(containers.length > 0 ? [namedContainers(containers)] : [])];
}
