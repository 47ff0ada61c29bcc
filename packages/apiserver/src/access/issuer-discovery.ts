import { publicJwk, type SigningKey } from './signing-key.ts';

/** One answer of the issuer's public documents. */
export interface IssuerDocument {
  readonly contentType: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const openidConfigurationPath = '/.well-known/openid-configuration';
const jwksPath = '/openid/v1/jwks';

/** OpenID Provider metadata, and the keys for whoever checks tokens of service accounts (KEP-1393). */
export function issuerDocument(path: string, key: SigningKey, issuer: string): IssuerDocument | undefined {
  switch (path.replace(/\/$/, '')) {
    case openidConfigurationPath:
      return {
        contentType: 'application/json',
        body: {
          issuer,
          jwks_uri: `${issuer.replace(/\/$/, '')}${jwksPath}`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: [key.algorithm],
        },
      };
    case jwksPath:
      return { contentType: 'application/jwk-set+json', body: { keys: [publicJwk(key)] } };
    default:
      return undefined;
  }
}
