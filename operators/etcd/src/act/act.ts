import { blueprintOf } from '../api/spec.ts';
import type { MemberRecord } from '../api/status.ts';
import type { Deed } from '../decide/action.ts';
import { namesOf } from '../names.ts';
import { withRecord, type ActContext, type Outcome } from './context.ts';
import { addLearner, moveLeader, promote, removeMember } from './membership.ts';
import { createClaim, createPod, deleteClaim, deletePod, markPod, retireClaim, startTrial } from './objects.ts';

/** Takes one step. Every step may be taken again: a crash before its outcome is on record does no harm. */
export async function act(context: ActContext, deed: Deed): Promise<Outcome> {
  switch (deed.kind) {
    case 'Reserve':
      return reserve(context, deed.member, deed.serial);
    case 'CreateClaim':
      return createClaim(context, deed.member);
    case 'CreatePod':
      return createPod(context, deed.member, deed.first);
    case 'MarkPod':
      return markPod(context, deed.member, deed.uid, deed.voter);
    case 'DeletePod':
      return deletePod(context, deed.member, deed.uid);
    case 'Latch':
      return { clusterID: deed.clusterID };
    case 'AddLearner':
      return addLearner(context, deed.member);
    case 'Promote':
      return promote(context, deed.member, deed.id);
    case 'MoveLeader':
      return moveLeader(context, deed.member, deed.id);
    case 'RemoveMember':
      return removeMember(context, deed.member, deed.id, deed.task === 'Healing');
    case 'RetireClaim':
      return retireClaim(context, deed.member, deed.uid);
    case 'Forget':
      return withRecord(context, deed.member, undefined);
    case 'DeleteClaim':
      return deleteClaim(context, deed.claim, deed.uid);
    case 'StartPreflight':
      return startTrial(context, deed.fingerprint);
    case 'EndPreflight':
      return deletePod(context, namesOf(context.facts.identity.name).trialPod, deed.uid);
    case 'Accept':
      return { accepted: blueprintOf(context.facts.identity.spec) };
  }
}

function reserve({ records }: ActContext, name: string, serial: number): Outcome {
  const record: MemberRecord = { name, serial, role: 'Joining', ready: false };
  return { members: [...records, record], nextSerial: serial + 1 };
}
