import type { TLSSocket } from 'node:tls';

/** Set by the front alone: `CN` and `O` of a client certificate that the client CA signed, as JSON. */
export const clientCertificateHeaderName = 'x-reeve-client-certificate';

/** What the header says of a certificate that the client CA did not sign. */
export const untrustedCertificate = 'untrusted';

/** The header for a connection; it also removes one that the client sent itself. */
export function clientCertificateHeader(socket: TLSSocket): Readonly<Record<string, string>> {
  const subject = 'getPeerCertificate' in socket ? socket.getPeerCertificate()?.subject : undefined;
  if (subject === undefined) return { [clientCertificateHeaderName]: '' };
  if (!socket.authorized) return { [clientCertificateHeaderName]: untrustedCertificate };
  const organizations = subject.O === undefined ? [] : [subject.O].flat();
  return { [clientCertificateHeaderName]: JSON.stringify({ commonName: subject.CN, organizations }) };
}
