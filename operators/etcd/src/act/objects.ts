import type { ObjectMeta } from '@reeve/api';
import { PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import { isAlreadyExists, isConflict, isNotFound } from '@reeve/kube';
import { isRetired, retirementPatch } from '@reeve/stateful';
import { blueprintOf, specDefaults } from '../api/spec.ts';
import { annotationKeys, labelKeys } from '../names.ts';
import { EtcdOperatorError } from '../operator-error.ts';
import { memberClaim } from '../objects/claim.ts';
import { peerURLOf, startAnnotations, type InitialCluster, type Start } from '../objects/flags.ts';
import { memberPod } from '../objects/pod.ts';
import { trialPod } from '../objects/trial-pod.ts';
import { acceptedOf } from '../observe/change.ts';
import { withRecord, type ActContext, type Outcome } from './context.ts';

/** Makes a member's disk. A claim of the name that is not this cluster's gives the name up. */
export async function createClaim(context: ActContext, member: string): Promise<Outcome> {
  const { client, facts } = context;
  const claims = client.of(PersistentVolumeClaim).in(facts.identity.namespace);
  const desired = memberClaim(facts.identity, member);
  const metadata = { ...desired.metadata, ...claimOwnership(context, desired.metadata) };
  try {
    const created = await claims.create({ ...desired, metadata });
    return withRecord(context, member, { claimUID: created.metadata.uid });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  const present = await claims.get(member);
  const isOurs =
    present.metadata.annotations?.[annotationKeys.clusterUID] === facts.identity.uid && !isRetired(present.metadata);
  return withRecord(context, member, isOurs ? { claimUID: present.metadata.uid } : undefined);
}

/** With `Delete` claims go with the cluster; with `Retain` nothing owns them. */
function claimOwnership({ facts, owner }: ActContext, { annotations }: ObjectMeta = {}): ObjectMeta {
  const { spec, uid } = facts.identity;
  const goes = (spec.deletionPolicy ?? specDefaults.deletionPolicy) === 'Delete';
  return {
    annotations: { ...annotations, [annotationKeys.clusterUID]: uid },
    ...(goes ? { ownerReferences: [owner] } : {}),
  };
}

/** Makes a member's pod. The first one is made only when the disk is, live, the one on record. */
export async function createPod(context: ActContext, member: string, first: boolean): Promise<Outcome> {
  const { client, facts, view, owner } = context;
  const { namespace } = facts.identity;
  if (first && !view.wanted.memory) await assertDisk(context, member);
  const voter =
    view.clusterID === undefined || view.members.some(({ name, role }) => name === member && role === 'voter');
  const pod = memberPod(facts.identity, acceptedOf(facts), member, startOf(context, member, first), voter);
  const metadata = { ...pod.metadata, ownerReferences: [owner] };
  const pods = client.of(Pod).in(namespace);
  try {
    await pods.create({ ...pod, metadata });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    // The cache may not have seen our own yet; one that is not ours has to go first.
    const present = await pods.find(member);
    if (present?.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid) === false) throw nameTaken(member);
  }
  return {};
}

function nameTaken(member: string): EtcdOperatorError {
  return new EtcdOperatorError(
    'NameTaken',
    `pod ${member} is not this cluster's: delete it, so that the member can start`,
  );
}

async function assertDisk({ client, facts, records }: ActContext, member: string): Promise<void> {
  const claim = await client.of(PersistentVolumeClaim).in(facts.identity.namespace).find(member);
  const recorded = records.find(({ name }) => name === member)?.claimUID;
  if (claim !== undefined && claim.metadata.uid === recorded && claim.metadata.deletionTimestamp === undefined) return;
  throw new EtcdOperatorError('DiskChanged', `claim ${member} is not the disk that was made for member ${member}`);
}

function startOf({ facts, view }: ActContext, member: string, first: boolean): Start {
  if (!first) return { kind: 'fenced' };
  if (view.clusterID === undefined) return { kind: 'seed' };
  if (view.membership.state === 'unknown')
    throw new EtcdOperatorError('NoQuorum', `no majority tells ${member} whom to join`);
  const own = peerURLOf(facts.identity, member);
  // A member that has not started yet has no name in the list; by its URL it is known.
  const cluster: InitialCluster = view.membership.members.flatMap(({ name, peerURLs }) =>
    peerURLs.map((peerURL) => ({ name: peerURL === own ? member : name, peerURL })),
  );
  return { kind: 'join', cluster };
}

/** Deletes a pod, if it is still that one. */
export async function deletePod({ client, facts }: ActContext, name: string, uid: string): Promise<Outcome> {
  await ignoreGone(client.of(Pod).in(facts.identity.namespace).delete(name, { preconditions: { uid } }));
  return {};
}

/** Labels a pod with its member's role, and puts up the fence for the next start of its container. */
export async function markPod(
  { client, facts }: ActContext,
  name: string,
  uid: string,
  voter: boolean,
): Promise<Outcome> {
  const annotations = startAnnotations(facts.identity, name, { kind: 'fenced' });
  const merge = { metadata: { uid, annotations, labels: { [labelKeys.role]: voter ? 'voter' : 'learner' } } };
  await ignoreGone(client.of(Pod).in(facts.identity.namespace).patch(name, { merge }));
  return {};
}

/** Sets a claim aside, if it is still that one. */
export async function retireClaim({ client, clock, facts }: ActContext, name: string, uid: string): Promise<Outcome> {
  const claims = client.of(PersistentVolumeClaim).in(facts.identity.namespace);
  await ignoreGone(claims.patch(name, { merge: retirementPatch(uid, clock.now()) }));
  return {};
}

/** Deletes a retired claim after a last live look. */
export async function deleteClaim({ client, facts }: ActContext, name: string, uid: string): Promise<Outcome> {
  const claims = client.of(PersistentVolumeClaim).in(facts.identity.namespace);
  const present = await claims.find(name);
  if (present === undefined || present.metadata.uid !== uid || !isRetired(present.metadata)) return {};
  await ignoreGone(claims.delete(name, { preconditions: { uid, resourceVersion: present.metadata.resourceVersion } }));
  return {};
}

/** Starts the pod that tries a changed spec. */
export async function startTrial({ client, facts, owner }: ActContext, mark: string): Promise<Outcome> {
  const { identity } = facts;
  const pod = trialPod(identity, blueprintOf(identity.spec), acceptedOf(facts), mark);
  const metadata = { ...pod.metadata, ownerReferences: [owner] };
  await client
    .of(Pod)
    .in(identity.namespace)
    .create({ ...pod, metadata })
    .catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  return {};
}

/** Gone already, or replaced by another of the name: either way there is nothing left to do. */
async function ignoreGone(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  });
}
