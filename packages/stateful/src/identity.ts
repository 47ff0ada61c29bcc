/**
 * A member's identity is a serial number that is handed out once and never again: the data of a member that is gone
 * can then never come back under the name of a living one.
 */
export function memberName(cluster: string, serial: number): string {
  return `${cluster}-${serial}`;
}

/** The serial in a member's name, or undefined when the name is not one of this cluster's members. */
export function serialOf(cluster: string, name: string): number | undefined {
  const prefix = `${cluster}-`;
  if (!name.startsWith(prefix)) return undefined;
  const digits = name.slice(prefix.length);
  return /^[1-9][0-9]{0,8}$/.test(digits) ? Number(digits) : undefined;
}

/**
 * The next serial: above the recorded one and above every name still found, so that a lost status or the claims of an
 * earlier cluster of the same name never lead to a name being used twice.
 */
export function nextSerial(cluster: string, recorded: number | undefined, namesFound: Iterable<string>): number {
  let next = recorded ?? 1;
  for (const name of namesFound) {
    const serial = serialOf(cluster, name);
    if (serial !== undefined && serial >= next) next = serial + 1;
  }
  return next;
}
