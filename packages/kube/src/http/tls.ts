import type { Connection, Credential, Material } from '../connection.ts';

const pem = (material: Material): string | Buffer =>
  typeof material === 'string' ? material : Buffer.from(material.buffer, material.byteOffset, material.byteLength);

/** What both undici and ws pass on to `tls.connect`. */
export interface TLSSettings {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** Node's TLS options for a connection. The server is verified unless the user's configuration says otherwise. */
export function tlsOptions(connection: Connection, credential: Credential): TLSSettings {
  const cert = credential.cert ?? connection.cert;
  const key = credential.key ?? connection.key;
  return {
    ...(connection.ca === undefined ? {} : { ca: pem(connection.ca) }),
    ...(cert === undefined || key === undefined ? {} : { cert: pem(cert), key: pem(key) }),
    ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
    rejectUnauthorized: connection.insecureSkipTLSVerify !== true,
  };
}
