import { Secret, Service, PersistentVolumeClaim } from '@reeve/api/core/v1';
import { PodDisruptionBudget } from '@reeve/api/policy/v1';
import type { OwnerReference } from '@reeve/api';
import type { ReconcileContext } from '@reeve/operator';
import { isConflict, isForbidden, isInvalid, isNotFound, type Stored } from '@reeve/kube';
import { isRetired, quorumBudget } from '@reeve/stateful';
import { compareQuantities } from '@reeve/api';
import { isInMemory, specDefaults } from './api/spec.ts';
import { makeCertificate, planCertificates } from './certificates.ts';
import { clusterLabels, labelKeys, namesOf, type ClusterIdentity } from './names.ts';
import { clientService, peerService } from './objects/services.ts';
import type { CachedFacts } from './observe/look.ts';
import type { EtcdCluster } from './resources.ts';

type Context = ReconcileContext<EtcdCluster, Stored<EtcdCluster>>;

/** Keeps what stands around the members: certificates, Services, the disruption budget. Gives the facts with new secrets. */
export async function keepSupport(context: Context, facts: CachedFacts): Promise<CachedFacts> {
  const { identity } = facts;
  const known = await keepCertificates(context, facts);
  await Promise.all([
    context.own(Service, named(clientService(identity))),
    context.own(Service, named(peerService(identity))),
    context.own(PodDisruptionBudget, named(budgetOf(identity, facts))),
  ]);
  return { ...known, claimsRefused: await keepClaims(context, facts) };
}

async function keepCertificates({ own, client, clock, event }: Context, facts: CachedFacts): Promise<CachedFacts> {
  const { identity } = facts;
  const made = new Map<string, Secret>();
  const authority = namesOf(identity.name).authority;
  if (planCertificates(identity, facts.secretOf, clock.now()).kind === 'authorityMissing') {
    // One that was put back by hand may lack the label that the cache selects by.
    const found = await client.of(Secret).in(identity.namespace).find(authority);
    if (found) made.set(authority, found);
  }
  const secretOf = (name: string): Secret | undefined => made.get(name) ?? facts.secretOf(name);
  for (;;) {
    const plan = planCertificates(identity, secretOf, clock.now());
    const secret = await makeCertificate(identity, plan, clock.now());
    if (secret === undefined) return { ...facts, secretOf };
    const desired = named(secret);
    await own(Secret, desired);
    made.set(desired.metadata.name, secret);
    if (plan.kind === 'leaf' && plan.why === 'expiring') {
      event({ reason: 'Renewed', note: `Renewed the certificate in secret ${desired.metadata.name}` });
    }
  }
}

function budgetOf(identity: ClusterIdentity, { status }: CachedFacts): PodDisruptionBudget {
  return quorumBudget({
    metadata: {
      name: namesOf(identity.name).budget,
      namespace: identity.namespace,
      labels: clusterLabels(identity.name),
    },
    matchLabels: { [labelKeys.cluster]: identity.name, [labelKeys.role]: 'voter' },
    voters: (status.members ?? []).filter(({ role }) => role === 'Voter').length,
    wanted: identity.spec.clusterSize,
    memory: isInMemory(identity.spec),
  });
}

/**
 * Disks grow with the spec, and go with the cluster or not as its policy says. A refusal is told, not thrown: it must
 * not keep members from being healed.
 */
async function keepClaims({ client, obj }: Context, { identity, claims }: CachedFacts): Promise<string | undefined> {
  const api = client.of(PersistentVolumeClaim).in(identity.namespace);
  const owner = ownerOf(obj);
  for (const claim of claims.values()) {
    const change = { ...growth(identity, claim), ...ownership(identity, claim, owner) };
    const { name, uid } = claim.metadata ?? {};
    if (name === undefined || Object.keys(change).length === 0) continue;
    const { metadata, ...rest } = change;
    try {
      await api.patch(name, { merge: { metadata: { uid, ...metadata }, ...rest } });
    } catch (error) {
      if (isForbidden(error) || isInvalid(error)) return error.status.message ?? error.message;
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
  return undefined;
}

function growth({ spec }: ClusterIdentity, claim: PersistentVolumeClaim): { readonly spec?: object } {
  const wanted = spec.storage?.size ?? specDefaults.storageSize;
  const present = String(claim.spec?.resources?.requests?.['storage'] ?? wanted);
  const grows = !isRetired(claim.metadata) && compareQuantities(wanted, present) > 0;
  return grows ? { spec: { resources: { requests: { storage: wanted } } } } : {};
}

function ownership(
  { spec, uid }: ClusterIdentity,
  claim: PersistentVolumeClaim,
  owner: OwnerReference,
): { readonly metadata?: object } {
  const goes = (spec.deletionPolicy ?? specDefaults.deletionPolicy) === 'Delete';
  const others = (claim.metadata?.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
  const owned = others.length !== (claim.metadata?.ownerReferences ?? []).length;
  return goes === owned ? {} : { metadata: { ownerReferences: goes ? [...others, owner] : others } };
}

/** The reference by which the garbage collector finds what belongs to a cluster. */
export function ownerOf({ apiVersion, kind, metadata }: Stored<EtcdCluster>): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

function named<T extends { readonly metadata?: { readonly name?: string } }>(
  object: T,
): T & { readonly metadata: { readonly name: string } } {
  return { ...object, metadata: { ...object.metadata, name: object.metadata?.name ?? '' } };
}
