/** One resource record of the kinds that the cluster's names have. */
export type DnsRecord =
  | { readonly type: 'A'; readonly name: string; readonly data: string }
  | { readonly type: 'CNAME'; readonly name: string; readonly data: string }
  | { readonly type: 'PTR'; readonly name: string; readonly data: string }
  | { readonly type: 'SRV'; readonly name: string; readonly data: SrvData };

export interface SrvData {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** What a zone knows of a name: undefined when there is no such name; no records of the asked type is NODATA. */
export interface DnsResult {
  readonly answers: readonly DnsRecord[];
  /** Addresses of the answers' targets. */
  readonly additionals: readonly DnsRecord[];
}
