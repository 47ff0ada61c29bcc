import { X509Certificate } from 'node:crypto';

/** Why a certificate must be issued anew, or undefined when it is good. */
export type RenewalReason = 'missing' | 'unreadable' | 'expiring' | 'other authority' | 'other names';

export interface RenewalQuestion {
  readonly certificate: string | undefined;
  readonly authority: string;
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
  readonly nowMs: number;
}

/** A leaf is renewed when a third of its life is left, so that a failing renewal has time to be noticed. */
export function renewalReason(question: RenewalQuestion): RenewalReason | undefined {
  if (question.certificate === undefined || question.certificate === '') return 'missing';
  const [leaf, authority] = [parse(question.certificate), parse(question.authority)];
  if (leaf === undefined || authority === undefined) return 'unreadable';
  if (renewalTime(leaf) <= question.nowMs) return 'expiring';
  if (!leaf.checkIssued(authority) || !leaf.verify(authority.publicKey)) return 'other authority';
  return sameNames(leaf, question) ? undefined : 'other names';
}

/** When a certificate is due: two thirds into its life; undefined when it can't be read. */
export function renewalDue(certificate: string): number | undefined {
  const leaf = parse(certificate);
  return leaf && renewalTime(leaf);
}

function renewalTime(leaf: X509Certificate): number {
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  return from + ((to - from) * 2) / 3;
}

function sameNames(leaf: X509Certificate, { dnsNames = [], addresses = [] }: RenewalQuestion): boolean {
  const wanted = [...dnsNames.map((name) => `DNS:${name}`), ...addresses.map((ip) => `IP Address:${ip}`)];
  const present = leaf.subjectAltName?.split(', ') ?? [];
  return wanted.length === present.length && wanted.every((name) => present.includes(name));
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
