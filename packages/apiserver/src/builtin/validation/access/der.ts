/** One element of ASN.1 in DER (X.690). */
export interface DerElement {
  readonly tag: number;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

/** The element at the beginning of `bytes`; undefined if it is cut off or longer than we take. */
export function readElement(bytes: Uint8Array): DerElement | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  let [start, length] = [2, first];
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
    start += count;
    length = bytes.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const end = start + length;
  if (end > bytes.length) return undefined;
  return { tag, whole: bytes.subarray(0, end), content: bytes.subarray(start, end) };
}

/** The elements inside another one; undefined if they do not fill it. */
export function readElements(content: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  let rest = content;
  while (rest.length > 0) {
    const element = readElement(rest);
    if (element === undefined) return undefined;
    elements.push(element);
    rest = rest.subarray(element.whole.length);
  }
  return elements;
}
