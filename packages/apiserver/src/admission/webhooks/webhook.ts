import { randomUUID } from 'node:crypto';
import { itemsOf, mapAt, numberAt, objectAt, textAt, textsAt } from '../../builtin/object-path.ts';
import { compileProgram } from '../../cel/program.ts';
import { Failure } from '../../cel/value.ts';
import type { AdmissionAttributes, Authorize, Core } from '../../parts.ts';
import { internalError, StatusError } from '../../status-error.ts';
import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { policyEnvironment } from '../policy/environment.ts';
import { matchesRequest } from '../policy/match-rules.ts';
import { requestBindings, requestForm } from '../policy/request-bindings.ts';
import type { StoredObjects } from '../stored-objects.ts';
import { webhookAddress } from './webhook-address.ts';
import { callWebhook } from './webhook-client.ts';

const defaultTimeout = 10;

/** What an allowing webhook answered; undefined: it was not asked, or could not be and need not be. */
export type Response = ObjectValue | undefined;

/** A webhook and the request that it is to be asked about. */
export interface WebhookCall {
  readonly core: Core;
  readonly stored: StoredObjects;
  readonly authorize: Authorize;
  readonly webhook: ObjectValue;
  readonly attributes: AdmissionAttributes;
}

/** All webhooks of a kind of configuration, in the order of their names. */
export function webhooksOf(
  stored: StoredObjects,
  plural: 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations',
): readonly ObjectValue[] {
  return stored
    .list(plural)
    .toSorted((left, right) => (textAt(metadataOf(left), 'name') < textAt(metadataOf(right), 'name') ? -1 : 1))
    .flatMap((configuration) => itemsOf(configuration, 'webhooks'));
}

/** Asks a webhook about a request, if it wants to be asked. Throws if it denies, or cannot be called and must. */
export async function askWebhook({ core, stored, authorize, webhook, attributes }: WebhookCall): Promise<Response> {
  const labelsOf = (namespace: string): Readonly<Record<string, string>> =>
    mapAt(metadataOf(stored.find('namespaces', namespace) ?? {}), 'labels');
  if (!matchesRequest(webhook, attributes, labelsOf, { rules: 'rules' })) return undefined;
  const name = textAt(webhook, 'name');
  try {
    if (!meetsConditions(webhook, attributes, authorize)) return undefined;
    const response = await reviewed(core, webhook, attributes);
    for (const text of textsAt(response, 'warnings')) attributes.warn(text);
    if (response['allowed'] !== true) throw denial(name, objectAt(response, 'status'));
    return response;
  } catch (error) {
    if (error instanceof StatusError && error.headers[deniedHeader] !== undefined) throw plain(error);
    if (textAt(webhook, 'failurePolicy') === 'Ignore') return undefined;
    const text = error instanceof Error ? error.message : String(error);
    const reason = text.replace(/^Internal error occurred: /, '');
    throw internalError(`failed calling webhook ${JSON.stringify(name)}: failed to call webhook: ${reason}`);
  }
}

/** Conditions that hold or do not; one that fails counts as a failed call. */
function meetsConditions(webhook: ObjectValue, attributes: AdmissionAttributes, authorize: Authorize): boolean {
  const conditions = itemsOf(webhook, 'matchConditions');
  if (conditions.length === 0) return true;
  const bindings = requestBindings(attributes, undefined, undefined, authorize);
  const values = conditions.map((condition) => {
    const compiled = compileProgram(textAt(condition, 'expression').trim(), policyEnvironment({}));
    return 'error' in compiled ? new Failure(compiled.error) : compiled.program.evaluate(bindings).value;
  });
  if (values.includes(false)) return false;
  const failure = values.find((value) => value instanceof Failure);
  if (failure instanceof Failure) throw internalError(failure.message);
  return true;
}

async function reviewed(core: Core, webhook: ObjectValue, attributes: AdmissionAttributes): Promise<ObjectValue> {
  const { object, old, operation } = attributes;
  const uid = randomUUID();
  const version = textsAt(webhook, 'admissionReviewVersions').find((known) => known === 'v1' || known === 'v1beta1');
  const review: ObjectValue = {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version ?? 'v1'}`,
    request: {
      uid,
      ...requestForm(attributes),
      object: operation === 'DELETE' ? null : (object ?? null),
      oldObject: old ?? null,
    },
  };
  const address = webhookAddress(core, objectAt(webhook, 'clientConfig'));
  const answer = await callWebhook(address, review, numberAt(webhook, 'timeoutSeconds') ?? defaultTimeout);
  const response = objectAt(answer, 'response');
  if (textAt(response, 'uid') !== uid && version === 'v1') {
    throw internalError(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(textAt(response, 'uid'))}`);
  }
  return response;
}

/** Tells a denial from other errors on its way through the failure policy. */
const deniedHeader = 'x-denied';
const plain = (error: StatusError): StatusError => new StatusError(error.status);

function denial(name: string, status: ObjectValue): StatusError {
  const said = textAt(status, 'message') || textAt(status, 'reason');
  const head = `admission webhook ${JSON.stringify(name)} denied the request`;
  const code = numberAt(status, 'code') ?? 0;
  const reason = textAt(status, 'reason');
  const details = objectAt(status, 'details');
  return new StatusError(
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: said === '' ? `${head} without explanation` : `${head}: ${said}`,
      ...(reason === '' ? {} : { reason: reason as NonNullable<StatusError['status']['reason']> }),
      ...(Object.keys(details).length > 0 ? { details } : {}),
      code: code < 400 ? 400 : code,
    },
    { headers: { [deniedHeader]: name } },
  );
}
