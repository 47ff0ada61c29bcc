import { timestamp } from '../operations/times.ts';
import type { Codec, VirtualResourceHandler } from '../parts.ts';
import type { RequestContext } from '../pipeline/context.ts';
import { readObject } from '../pipeline/read-body.ts';
import { readWriteOptions } from '../pipeline/write-options.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import type { UserInfo } from '../request/user.ts';
import { badRequest, invalid, methodNotAllowed, notServed } from '../status-error.ts';
import { isObject, metadataOf, type ObjectValue } from '../value.ts';
import {
  accessReviewStatus,
  reviewedAttributes,
  reviewedUser,
  validateAccessReview,
  type ReviewScope,
} from './access-review.ts';
import type { Attributes } from './attributes.ts';
import type { Decision } from './authorizer.ts';
import { strings } from './policy-rule.ts';
import type { RoleReader } from './rule-resolver.ts';
import { rulesReviewStatus } from './rules-review.ts';
import type { TokenAuthenticator } from './token-authenticator.ts';
import { tokenReviewStatus, userInfoValue } from './user-review.ts';

/** What reviews ask. */
export interface ReviewSources {
  readonly codec: Codec;
  readonly reader: RoleReader;
  readonly tokens: TokenAuthenticator;
  readonly decide: (user: UserInfo, attributes: Attributes) => Decision;
}

/** Fills in the answer of a review that was just read. */
type Review = (review: ObjectValue, context: RequestContext, sources: ReviewSources) => ObjectValue;

const reviews: Readonly<Record<string, Review>> = {
  'selfsubjectaccessreviews.authorization.k8s.io': accessReview('self'),
  'subjectaccessreviews.authorization.k8s.io': accessReview('subject'),
  'localsubjectaccessreviews.authorization.k8s.io': accessReview('local'),
  'selfsubjectrulesreviews.authorization.k8s.io': rulesReview,
  'tokenreviews.authentication.k8s.io': tokenReview,
  'selfsubjectreviews.authentication.k8s.io': selfReview,
};

/** The resources that only answer questions about who may do what. */
export function reviewHandlers(sources: ReviewSources): readonly (readonly [string, VirtualResourceHandler])[] {
  return Object.entries(reviews).map(([resource, review]) => [
    resource,
    async (context, info) => ({ type: 'plain', status: 201, object: answer(review, context, info, sources) }),
  ]);
}

function answer(review: Review, context: RequestContext, resource: ResourceInfo, sources: ReviewSources): ObjectValue {
  const { info } = context;
  if (info.name !== '') throw notServed();
  if (info.verb !== 'create') throw methodNotAllowed();
  const read = readObject(sources.codec, context, resource, readWriteOptions(context, 'CreateOptions'));
  placeInNamespace(read, info.namespace);
  const { group, version, kind } = resource;
  return { kind, apiVersion: `${group}/${version}`, ...review(read, context, sources) };
}

function placeInNamespace(review: ObjectValue, namespace: string): void {
  const metadata = metadataOf(review);
  delete metadata['managedFields'];
  if (namespace === '') return;
  if (metadata['namespace'] !== undefined && metadata['namespace'] !== '' && metadata['namespace'] !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  metadata['namespace'] = namespace;
}

function accessReview(scope: ReviewScope): Review {
  return (review, { user }, { decide }) => {
    const errors = validateAccessReview(review, scope);
    // The real server leaves the kind out of these errors.
    if (errors.length > 0) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
    const decision = decide(scope === 'self' ? user : reviewedUser(review), reviewedAttributes(review));
    return { metadata: metadataOf(review), spec: review['spec'] ?? {}, status: accessReviewStatus(review, decision) };
  };
}

function specOf(review: ObjectValue): ObjectValue {
  return isObject(review['spec']) ? review['spec'] : {};
}

function rulesReview(review: ObjectValue, { user }: RequestContext, { reader }: ReviewSources): ObjectValue {
  const namespace = specOf(review)['namespace'];
  if (typeof namespace !== 'string' || namespace === '') throw badRequest('no namespace on request');
  return { metadata: {}, spec: {}, status: rulesReviewStatus(reader, user, namespace) };
}

function tokenReview(review: ObjectValue, _context: RequestContext, { tokens }: ReviewSources): ObjectValue {
  const spec = specOf(review);
  const { token } = spec;
  if (typeof token !== 'string' || token === '')
    throw badRequest('token is required for TokenReview in authentication');
  const asked = strings(spec['audiences']);
  const outcome = tokens.authenticate(token, asked.length > 0 ? asked : tokens.audiences);
  return { metadata: metadataOf(review), spec, status: tokenReviewStatus(outcome) };
}

function selfReview(_review: ObjectValue, { user, now }: RequestContext): ObjectValue {
  return { metadata: { creationTimestamp: timestamp(now) }, status: { userInfo: userInfoValue(user) } };
}
