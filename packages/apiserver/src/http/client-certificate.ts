import type { TLSSocket } from 'node:tls';

/** Set by the front alone: `CN` and `O` of a client certificate that the client CA signed, as JSON. */
export const clientCertificateHeaderName = 'x-reeve-client-certificate';

/** The header for a connection; it also removes one that the client sent itself. */
export function clientCertificateHeader(socket: TLSSocket): Readonly<Record<string, string>> {
  if (socket.authorized !== true) return { [clientCertificateHeaderName]: '' };
  const { subject } = socket.getPeerCertificate();
  if (subject === undefined) return { [clientCertificateHeaderName]: '' };
  const organizations = subject.O === undefined ? [] : [subject.O].flat();
  return { [clientCertificateHeaderName]: JSON.stringify({ commonName: subject.CN, organizations }) };
}
