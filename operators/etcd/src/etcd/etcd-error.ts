import { status as grpc } from '@grpc/grpc-js';

export type EtcdErrorCode =
  | 'Unreachable'
  | 'TimedOut'
  | 'NoLeader'
  | 'NotLeader'
  | 'Unhealthy'
  | 'NotStarted'
  | 'NotInSync'
  | 'TooManyLearners'
  | 'PeerExists'
  | 'MemberNotFound'
  | 'NoSpace'
  | 'Corrupt'
  | 'Refused';

/** What etcd answered, or that it did not. `passing` failures go away by themselves: wait and try again. */
export class EtcdError extends Error {
  override readonly name = 'EtcdError';
  readonly code: EtcdErrorCode;
  readonly passing: boolean;

  constructor(code: EtcdErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.passing = passingCodes.has(code);
  }
}

const passingCodes: ReadonlySet<EtcdErrorCode> = new Set([
  'Unreachable',
  'TimedOut',
  'NoLeader',
  'NotLeader',
  'Unhealthy',
  'NotStarted',
  'NotInSync',
  'TooManyLearners',
]);

interface ErrorRule {
  readonly code: EtcdErrorCode;
  readonly grpc?: number;
  readonly text?: RegExp;
}

// etcd tells most refusals apart by their text only (api/v3rpc/rpctypes/error.go); the first match counts.
const errorRules: readonly ErrorRule[] = [
  { code: 'PeerExists', text: /Peer URLs already exists|member ID already exist/i },
  { code: 'NotStarted', text: /not enough started members/i },
  { code: 'NotInSync', text: /in sync with leader|learner is not ready|learner not ready/i },
  { code: 'TooManyLearners', text: /too many learner/i },
  { code: 'MemberNotFound', text: /member not found/i },
  { code: 'NotLeader', text: /not leader/i },
  { code: 'Unhealthy', text: /unhealthy cluster/i },
  { code: 'NoLeader', text: /no leader|leader changed/i },
  { code: 'TimedOut', text: /timed out|deadline exceeded/i },
  { code: 'NoSpace', text: /database space exceeded/i },
  { code: 'Corrupt', text: /corrupt cluster/i },
  { code: 'TimedOut', grpc: grpc.DEADLINE_EXCEEDED },
  { code: 'Unreachable', grpc: grpc.UNAVAILABLE },
  { code: 'Unreachable', grpc: grpc.CANCELLED },
];

/** Reads a failed call. `call` names it in the message. */
export function etcdErrorOf(call: string, error: unknown): EtcdError {
  const { code, details } = readFailure(error);
  const rule = errorRules.find(
    (one) => (one.grpc === undefined || one.grpc === code) && (one.text?.test(details) ?? true),
  );
  return new EtcdError(rule?.code ?? 'Refused', `${call}: ${details.replace(/^etcdserver: /, '')}`, { cause: error });
}

/** Whether it is an EtcdError of one of these codes. */
export function isEtcdError(error: unknown, ...codes: readonly EtcdErrorCode[]): error is EtcdError {
  return error instanceof EtcdError && (codes.length === 0 || codes.includes(error.code));
}

function readFailure(error: unknown): { readonly code: number | undefined; readonly details: string } {
  if (!(error instanceof Error)) return { code: undefined, details: String(error) };
  const code = 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  const details = 'details' in error && typeof error.details === 'string' ? error.details : error.message;
  return { code, details };
}
