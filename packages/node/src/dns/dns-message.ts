import { AUTHORITATIVE_ANSWER, decode, encode, RECURSION_DESIRED, TRUNCATED_RESPONSE } from 'dns-packet';
import type { Answer, Packet } from 'dns-packet';

import type { ServiceDirectory } from '../network/service-directory.ts';
import { resolveClusterName } from './cluster-zone.ts';
import type { DnsRecord, DnsResult } from './record.ts';
import { resolveReverse, reverseDomain } from './reverse-zone.ts';

const ttl = 5;
const nxDomain = 3;
/** Without EDNS a UDP answer is at most 512 bytes (RFC 1035). */
const plainUDPBytes = 512;

/** The answer to one query, or undefined when the bytes are no query. Over UDP a long one is cut, to be asked by TCP. */
export function answerQuery(
  bytes: Buffer,
  directory: ServiceDirectory,
  domain: string,
  transport: 'udp' | 'tcp',
): Buffer | undefined {
  const query = decodeQuery(bytes);
  const question = query?.questions?.[0];
  if (query === undefined || question === undefined) return undefined;
  const name = question.name.toLowerCase().replace(/\.$/, '');
  const result = resolve(directory, domain, name, question.type);
  const found = result !== undefined && result.answers.length > 0;
  const flags = ((query.flags ?? 0) & RECURSION_DESIRED) | AUTHORITATIVE_ANSWER;
  const response: Packet = {
    type: 'response',
    id: query.id ?? 0,
    flags: result === undefined ? flags | nxDomain : flags,
    questions: [question],
    answers: (result?.answers ?? []).map(toAnswer),
    authorities: found ? [] : [startOfAuthority(domain)],
    additionals: (result?.additionals ?? []).map(toAnswer),
  };
  const encoded = encode(response);
  if (transport === 'tcp' || encoded.length <= udpLimit(query)) return encoded;
  return encode({ ...response, flags: flags | TRUNCATED_RESPONSE, answers: [], authorities: [], additionals: [] });
}

// Pods reach nothing outside the cluster, so names outside it do not exist here.
function resolve(directory: ServiceDirectory, domain: string, name: string, type: string): DnsResult | undefined {
  if (name === domain || name.endsWith(`.${domain}`)) return resolveClusterName(directory, domain, name, type);
  return name.endsWith(`.${reverseDomain}`) ? resolveReverse(directory, domain, name) : undefined;
}

function decodeQuery(bytes: Buffer): Packet | undefined {
  try {
    const packet = decode(bytes);
    return packet.type === 'query' ? packet : undefined;
  } catch {
    return undefined;
  }
}

function udpLimit(query: Packet): number {
  const option = query.additionals?.find(({ type }) => type === 'OPT') as
    | { readonly udpPayloadSize?: number }
    | undefined;
  return Math.max(plainUDPBytes, option?.udpPayloadSize ?? 0);
}

function toAnswer(record: DnsRecord): Answer {
  return { ...record, ttl };
}

// Tells resolvers how long "no such name" holds (RFC 2308).
function startOfAuthority(domain: string): Answer {
  return {
    type: 'SOA',
    name: domain,
    ttl,
    data: {
      mname: `ns.dns.${domain}`,
      rname: `hostmaster.${domain}`,
      serial: 1,
      refresh: 7200,
      retry: 1800,
      expire: 86_400,
      minimum: ttl,
    },
  };
}
