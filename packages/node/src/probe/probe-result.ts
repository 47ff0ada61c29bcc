/** What one probe found. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly message: string;
}
