/** What a container is made of: trees of files laid over the host's, and how to start the program. */
export interface Image {
  /** As the pod names it: `quay.io/coreos/etcd:v3.5.16`. */
  readonly reference: string;
  /** What it really is, for `status.containerStatuses[].imageID`: `deb://etcd-server@3.5.16-4`. */
  readonly id: string;
  /** Absolute host directories whose `usr` (and `etc`) go over the host's, the last one on top. */
  readonly layers: readonly string[];
  /** Further host directories shown read-only inside: [host path, path in the container]. */
  readonly binds: readonly (readonly [string, string])[];
  /** Host directories that every container of the image may write to, for what only saves time, likewise. */
  readonly caches?: readonly (readonly [string, string])[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
}

/** Finds images by reference. Only what the catalogue or the user's own additions name exists; nothing is substituted. */
export interface ImageStore {
  /** Fetches what is missing. Throws an error whose message says how to add the reference when it is unknown. */
  pull(reference: string, signal?: AbortSignal): Promise<Image>;
}
