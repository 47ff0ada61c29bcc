import { timestamp } from '../operations/times.ts';
import { metadataOf, type ObjectValue } from '../value.ts';
import { approvalOf } from './approval.ts';
import { listOf, objectOf, readDefinition, readNames, type NamesSpec } from './definition-spec.ts';

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** Sets a condition in place; its time changes only with its status. True if it changed. */
export function setCondition(definition: ObjectValue, condition: Condition, now: number): boolean {
  const status = objectOf(definition['status']);
  const conditions = [...listOf(status['conditions'])].map(objectOf);
  const position = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[position];
  const same =
    before?.['status'] === condition.status &&
    before['reason'] === condition.reason &&
    before['message'] === condition.message;
  if (same) return false;
  const kept = before?.['status'] === condition.status ? before['lastTransitionTime'] : undefined;
  const made: ObjectValue = { ...condition, lastTransitionTime: kept ?? timestamp(now) };
  if (position < 0) conditions.push(made);
  else conditions[position] = made;
  definition['status'] = { ...status, conditions };
  return true;
}

/** Names that other definitions of a group have accepted. */
export interface TakenNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

/** Collects the accepted names of all other definitions of the same group. */
export function takenNames(definition: ObjectValue, all: readonly ObjectValue[]): TakenNames {
  const { group } = readDefinition(definition);
  const { uid } = metadataOf(definition);
  const [resources, kinds] = [new Set<string>(), new Set<string>()];
  for (const other of all) {
    if (metadataOf(other)['uid'] === uid || readDefinition(other).group !== group) continue;
    const names = readNames(objectOf(other['status'])['acceptedNames']);
    for (const name of [names.plural, names.singular, ...names.shortNames]) if (name !== '') resources.add(name);
    for (const name of [names.kind, names.listKind]) if (name !== '') kinds.add(name);
  }
  return { resources, kinds };
}

interface Acceptance {
  readonly names: NamesSpec;
  readonly condition: Condition;
}

/** Which of the wanted names a definition gets; a conflict keeps the name that it had before. */
function acceptNames(definition: ObjectValue, taken: TakenNames): Acceptance {
  const wanted = readDefinition(definition).names;
  const accepted = readNames(objectOf(definition['status'])['acceptedNames']);
  const names = { ...accepted, categories: wanted.categories };
  let conflict: Condition | undefined;
  const refuse = (reason: string, message: string): void => {
    conflict = { type: 'NamesAccepted', status: 'False', reason, message };
  };
  const used = (name: string): string => `${JSON.stringify(name)} is already in use`;
  const fits = (name: string, before: string, others: ReadonlySet<string>): boolean =>
    name === before || !others.has(name);
  for (const [name, others, reason] of singleNames(taken)) {
    if (fits(wanted[name], accepted[name], others)) names[name] = wanted[name];
    else refuse(reason, used(wanted[name]));
    if (name !== 'singular') continue;
    const clashes = wanted.shortNames.filter(
      (short) => !accepted.shortNames.includes(short) && taken.resources.has(short),
    );
    if (clashes.length === 0) names.shortNames = wanted.shortNames;
    else refuse('ShortNamesConflict', joined(clashes.map(used)));
  }
  return {
    names,
    condition: conflict ?? {
      type: 'NamesAccepted',
      status: 'True',
      reason: 'NoConflicts',
      message: 'no conflicts found',
    },
  };
}

const joined = (messages: readonly string[]): string =>
  messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`;

type SingleName = 'plural' | 'singular' | 'kind' | 'listKind';

const singleNames = ({
  resources,
  kinds,
}: TakenNames): readonly (readonly [SingleName, ReadonlySet<string>, string])[] => [
  ['plural', resources, 'PluralConflict'],
  ['singular', resources, 'SingularConflict'],
  ['kind', kinds, 'KindConflict'],
  ['listKind', kinds, 'ListKindConflict'],
];

/** As names are written: empty ones and empty lists are left out, plural and kind never. */
function namesValue({ plural, singular, shortNames, kind, listKind, categories }: NamesSpec): ObjectValue {
  return {
    plural,
    ...(singular === '' ? {} : { singular }),
    ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
    kind,
    ...(listKind === '' ? {} : { listKind }),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
  };
}

/**
 * Brings a definition's status up to date, in place: accepted names, NamesAccepted, Established (which never becomes
 * False again), and for Kubernetes' own groups whether the API was approved.
 */
export function updateStatus(definition: ObjectValue, taken: TakenNames, now: number): void {
  const { names, condition } = acceptNames(definition, taken);
  definition['status'] = { ...objectOf(definition['status']), acceptedNames: namesValue(names) };
  setCondition(definition, condition, now);
  const established = listOf(objectOf(definition['status'])['conditions'])
    .map(objectOf)
    .find(({ type }) => type === 'Established');
  if (condition.status === 'True' && established?.['status'] !== 'True')
    setCondition(
      definition,
      {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
      now,
    );
  else if (established === undefined)
    setCondition(
      definition,
      { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
      now,
    );
  setApproval(definition, now);
}

const approvalReasons: Readonly<Record<string, string>> = {
  missing: 'MissingAnnotation',
  invalid: 'InvalidAnnotation',
  bypassed: 'UnapprovedAnnotation',
  approved: 'ApprovedAnnotation',
};

function setApproval(definition: ObjectValue, now: number): void {
  const approval = approvalOf(definition);
  if (!approval) return;
  setCondition(
    definition,
    {
      type: 'KubernetesAPIApprovalPolicyConformant',
      status: approval.state === 'approved' ? 'True' : 'False',
      reason: approvalReasons[approval.state] ?? '',
      message: approval.reason,
    },
    now,
  );
}
