/** Files to be written into a volume, by their path in it. */
export type Payload = ReadonlyMap<string, PayloadFile>;

export interface PayloadFile {
  readonly content: Buffer;
  readonly mode: number;
}

/** True when both hold the same files. */
export function samePayload(one: Payload, other: Payload): boolean {
  if (one.size !== other.size) return false;
  for (const [path, { content, mode }] of one) {
    const file = other.get(path);
    if (file === undefined || file.mode !== mode || !file.content.equals(content)) return false;
  }
  return true;
}
