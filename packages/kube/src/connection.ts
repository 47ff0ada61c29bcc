/** A file's content given in place, or read (again, when it changes) from a path. */
export type Material = string | Uint8Array;

/** Proof of identity, asked for before each request; the provider caches and renews. */
export interface CredentialProvider {
  current(): Promise<Credential>;
  /** The server answered 401: the next `current` must bring something newer. */
  renew(): void;
}

/** A bearer token, a client certificate, or both. */
export interface Credential {
  readonly token?: string;
  readonly cert?: Material;
  readonly key?: Material;
}

/** Whom to act as (needs the `impersonate` verb). */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** All that is needed to reach one API server as one user. */
export interface Connection {
  /** `https://host:port`, a path prefix allowed. */
  readonly server: string;
  /** PEM; without it the system's authorities are trusted. */
  readonly ca?: Material;
  readonly cert?: Material;
  readonly key?: Material;
  readonly token?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  /** Beats the fixed fields above. */
  readonly credentials?: CredentialProvider;
  /** Name to expect in the server's certificate instead of the host. */
  readonly serverName?: string;
  /** Accepts any certificate. Only when the user's configuration says so. */
  readonly insecureSkipTLSVerify?: boolean;
  readonly proxy?: string;
  /** Connects to this unix socket instead of the server's address. */
  readonly socketPath?: string;
  readonly impersonate?: Impersonation;
  /** The context's namespace. */
  readonly namespace?: string;
}
