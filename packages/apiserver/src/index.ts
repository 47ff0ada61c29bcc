/** A Kubernetes API server as a library: a pure handler over a versioned store, and an HTTPS front for it. */
export { createApiServer } from './server.ts';
export type { ApiServer } from './server.ts';
export type { ApiServerOptions, StaticToken } from './options.ts';
export type { UserInfo } from './request/user.ts';
export { loopbackUser } from './request/user.ts';
export { listen } from './http/listen.ts';
export type { Front, ListenOptions } from './http/listen.ts';
export { loadCertificates, makeCertificates } from './http/certificates.ts';
export type { Certificates } from './http/certificates.ts';
export { parseTokenFile } from './access/token-file.ts';
export { StatusError } from './status-error.ts';
