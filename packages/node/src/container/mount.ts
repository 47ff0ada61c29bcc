/** One mount in a container's tree, as a line of fstab(5). */
export interface Mount {
  readonly source: string;
  /** Where in the container; the root is `/`. */
  readonly target: string;
  /** `none` for a bind. */
  readonly type: string;
  readonly options: readonly string[];
}

/** A host directory or file shown at another place. The target must exist. */
export function bind(source: string, target: string, readOnly: boolean): Mount {
  return { source, target, type: 'none', options: ['rbind', ...(readOnly ? ['ro'] : [])] };
}

/** Read-only trees laid over each other, the last one on top. */
export function overlay(lowers: readonly string[], target: string): Mount {
  const lowerdir = lowers.toReversed().map(escapeOverlay).join(':');
  return { source: 'overlay', target, type: 'overlay', options: [`lowerdir=${lowerdir}`, 'ro'] };
}

/** The text for `mount --all --fstab`, with targets below `root`. */
export function formatFstab(root: string, mounts: readonly Mount[]): string {
  const lines = mounts.map(({ source, target, type, options }) => {
    const place = target === '/' ? root : `${root}${target}`;
    return [source, place, type, options.join(',') || 'defaults'].map(escapeFstab).join(' ');
  });
  return `${lines.join('\n')}\n`;
}

// fstab(5): white space as octal escapes.
function escapeFstab(field: string): string {
  return field.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

// The kernel splits lowerdir at colons and the option list at commas.
function escapeOverlay(path: string): string {
  return path.replace(/[\\:,]/g, (character) => `\\${character}`);
}
