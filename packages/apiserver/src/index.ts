/** A Kubernetes API server as a library: a pure handler over a versioned store, and an HTTPS front for it. */
export {};
