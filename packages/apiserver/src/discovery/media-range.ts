/** One clause of an Accept header (RFC 9110 §12.5.1). */
export interface MediaRange {
  readonly type: string;
  /** Lower-case names; without `q`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

function parseRange(clause: string): MediaRange {
  const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
  const pairs = rest.map((part): [string, string] => {
    const equals = part.indexOf('=');
    return equals < 0 ? [part.toLowerCase(), ''] : [part.slice(0, equals).toLowerCase(), part.slice(equals + 1)];
  });
  const { q, ...parameters } = Object.fromEntries(pairs);
  const quality = q === undefined ? 1 : Number(q);
  return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 1 : quality };
}

/** The clauses of an Accept header, best first; no header accepts everything. */
export function parseAccept(header: string | undefined): readonly MediaRange[] {
  const clauses = (header ?? '').split(',').filter((clause) => clause.trim() !== '');
  const ranges = clauses.length === 0 ? [parseRange('*/*')] : clauses.map(parseRange);
  return ranges.toSorted((a, b) => b.quality - a.quality);
}

/** Whether a range such as `application/*` covers a media type; parameters do not count. */
export function covers(range: MediaRange, mediaType: string): boolean {
  if (range.type === '*/*' || range.type === mediaType) return true;
  return range.type.endsWith('/*') && mediaType.startsWith(range.type.slice(0, -1));
}

/** The first of the offers that the header accepts, by its own order of preference. */
export function preferred(header: string | undefined, offers: readonly string[]): string | undefined {
  for (const range of parseAccept(header)) {
    const offer = offers.find((candidate) => covers(range, candidate));
    if (offer !== undefined) return offer;
  }
  return undefined;
}
