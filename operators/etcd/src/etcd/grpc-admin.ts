import type { Clock } from '@reeve/api';
import type { z } from 'zod';
import type { Credentials, Endpoint, EtcdAdmin } from './admin.ts';
import { firstValue, hash, memberList, memberReport } from './answers.ts';
import { connect } from './connection.ts';

// Membership changes wait for a majority and for the member's own apply.
const changeTimeoutMs = 5000;

/** The admin port over gRPC, with mutual TLS where credentials are given. */
export function grpcAdmin(clock: Clock, credentials: Credentials | undefined): EtcdAdmin {
  const caller = connect(clock, credentials);
  const ask = async <T>(answer: z.ZodType<T>, at: Endpoint, method: string, request: object, timeoutMs?: number) =>
    answer.parse(await caller.call(at, method, request, timeoutMs));
  const change = (at: Endpoint, method: string, request: object) =>
    ask(memberList, at, method, request, changeTimeoutMs);
  return {
    status: (at) => ask(memberReport, at, 'Status', {}),
    async list(at) {
      // 3.4 answers MemberList from the member's own memory. A linearizable read first brings that up to date
      // (ReadIndex, raft thesis 6.4), and fails without a majority.
      await caller.call(at, 'Range', { key: Buffer.from('\0'), countOnly: true });
      return ask(memberList, at, 'MemberList', { linearizable: true });
    },
    addLearner: (at, peerURL) => change(at, 'MemberAdd', { peerURLs: [peerURL], isLearner: true }),
    promote: (at, id) => change(at, 'MemberPromote', { ID: decimal(id) }),
    remove: (at, id) => change(at, 'MemberRemove', { ID: decimal(id) }),
    async moveLeader(at, id) {
      await caller.call(at, 'MoveLeader', { targetID: decimal(id) }, changeTimeoutMs);
    },
    hashKV: (at, revision) => ask(hash, at, 'HashKV', { revision }),
    async put(at, key, value) {
      await caller.call(at, 'Put', { key: Buffer.from(key), value: Buffer.from(value) });
    },
    get: (at, key) => ask(firstValue, at, 'Range', { key: Buffer.from(key) }),
    keep: (addresses) => caller.keep(addresses),
    close: () => caller.close(),
  };
}

function decimal(id: string): string {
  return BigInt(`0x${id}`).toString();
}
