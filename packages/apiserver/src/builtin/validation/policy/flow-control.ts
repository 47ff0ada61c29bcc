import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { requiredOneOf } from '../checks.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const lastPrecedence = 10_000;

function checkSchema(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  const path = 'spec.matchingPrecedence';
  const precedence = numberAt(spec, 'matchingPrecedence') ?? 0;
  if (precedence <= 0) problems.invalid(path, precedence, 'must be a positive value');
  if (precedence > lastPrecedence) problems.invalid(path, precedence, `must not be greater than ${lastPrecedence}`);
  if (precedence === 1 && textAt(metadataOf(object), 'name') !== 'exempt') {
    problems.invalid(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
  }
  const method = maybeObject(spec, 'distinguisherMethod');
  const type = textAt(method, 'type');
  if (method !== undefined && type !== 'ByNamespace' && type !== 'ByUser') {
    problems.notSupported('spec.distinguisherMethod.type', { Type: type }, ['ByNamespace', 'ByUser']);
  }
  const level = textAt(objectAt(spec, 'priorityLevelConfiguration'), 'name');
  const at = 'spec.priorityLevelConfiguration.name';
  if (level === '') problems.required(at, 'must reference a priority level');
  else problems.text(at, level, dnsSubdomain);
  for (const [index, rule] of itemsOf(spec, 'rules').entries()) checkRules(problems, `spec.rules[${index}]`, rule);
}

function checkRules(problems: Problems, path: string, rule: ObjectValue): void {
  const subjects = itemsOf(rule, 'subjects');
  if (subjects.length === 0) problems.required(`${path}.subjects`, 'subjects must contain at least one value');
  for (const [index, subject] of subjects.entries()) checkSubject(problems, `${path}.subjects[${index}]`, subject);
  const resources = itemsOf(rule, 'resourceRules');
  const paths = itemsOf(rule, 'nonResourceRules');
  if (resources.length === 0 && paths.length === 0) {
    problems.required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty');
  }
  for (const [index, item] of resources.entries()) checkResources(problems, `${path}.resourceRules[${index}]`, item);
  for (const [index, item] of paths.entries()) checkPaths(problems, `${path}.nonResourceRules[${index}]`, item);
}

/** The field of each kind of subject. */
const subjectFields: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceAccount',
  User: 'user',
  Group: 'group',
};

function checkSubject(problems: Problems, path: string, subject: ObjectValue): void {
  const kind = textAt(subject, 'kind');
  const own = subjectFields[kind];
  if (own === undefined) {
    return problems.notSupported(`${path}.kind`, kind, ['Group', 'ServiceAccount', 'User']);
  }
  const named = maybeObject(subject, own);
  if (named === undefined) problems.required(`${path}.${own}`, `${own} is required when subject kind is '${kind}'`);
  else checkSubjectName(problems, `${path}.${own}`, named, kind);
  for (const [other, field] of Object.entries(subjectFields)) {
    if (other === kind || maybeObject(subject, field) === undefined) continue;
    problems.forbidden(`${path}.${field}`, `${field} is forbidden when subject kind is not '${other}'`);
  }
}

function checkSubjectName(problems: Problems, path: string, named: ObjectValue, kind: string): void {
  const name = textAt(named, 'name');
  if (name === '') problems.required(`${path}.name`);
  if (kind !== 'ServiceAccount') return;
  if (name !== '' && name !== '*') problems.text(`${path}.name`, name, dnsSubdomain);
  const namespace = textAt(named, 'namespace');
  if (namespace === '') problems.required(`${path}.namespace`, 'must specify namespace for service account');
  else problems.text(`${path}.namespace`, namespace, dnsLabel);
}

/** A list that must have items; `*` stands alone. True if there are items to look at. */
function checkList(problems: Problems, path: string, items: readonly string[], none: string, others: string): boolean {
  if (items.length === 0) problems.required(path, none);
  else if (items.includes('*') && items.length > 1) {
    problems.invalid(path, items, `if '*' is present, must not specify other ${others}`);
  }
  return items.length > 0 && !items.includes('*');
}

function checkVerbs(problems: Problems, path: string, rule: ObjectValue): void {
  const own = textsAt(rule, 'verbs');
  const isPlain = checkList(problems, `${path}.verbs`, own, 'verbs must contain at least one value', 'verbs');
  if (isPlain && !own.every((verb) => verbs.includes(verb))) problems.notSupported(`${path}.verbs`, own, verbs);
}

function checkResources(problems: Problems, path: string, rule: ObjectValue): void {
  checkVerbs(problems, path, rule);
  const [groups, resources] = [textsAt(rule, 'apiGroups'), textsAt(rule, 'resources')];
  checkList(problems, `${path}.apiGroups`, groups, 'resource rules must supply at least one api group', 'api groups');
  checkList(problems, `${path}.resources`, resources, 'resource rules must supply at least one resource', 'resources');
  const namespaces = textsAt(rule, 'namespaces');
  if (namespaces.length === 0 && rule['clusterScope'] === true) return;
  const none = 'resource rules that are not cluster scoped must supply at least one namespace';
  if (!checkList(problems, `${path}.namespaces`, namespaces, none, 'namespaces')) return;
  for (const [index, namespace] of namespaces.entries()) {
    for (const detail of dnsLabel(namespace)) {
      const intro = "each member of this list must be '*' or a DNS-1123 label; ";
      problems.invalid(`${path}.namespaces[${index}]`, namespace, `${intro}${detail}`);
    }
  }
}

function checkPaths(problems: Problems, path: string, rule: ObjectValue): void {
  checkVerbs(problems, path, rule);
  const urls = textsAt(rule, 'nonResourceURLs');
  const at = `${path}.nonResourceURLs`;
  const none = 'nonResourceURLs must contain at least one value';
  if (!checkList(problems, at, urls, none, 'non-resource URLs')) return;
  for (const [index, url] of urls.entries()) {
    if (url === '') problems.invalid(`${at}[${index}]`, url, 'must not be empty');
    else if (!url.startsWith('/')) problems.invalid(`${at}[${index}]`, url, 'must start with slash');
  }
}

function checkConditions(problems: Problems, object: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, condition] of itemsOf(objectAt(object, 'status'), 'conditions').entries()) {
    const path = `status.conditions[${index}].type`;
    const type = textAt(condition, 'type');
    if (seen.has(type)) problems.duplicate(path, type);
    seen.add(type);
    if (type === '') problems.required(path);
  }
}

export const flowSchemaValidator: Validator = validator({
  create: (problems, object) => {
    checkSchema(problems, object);
    checkConditions(problems, object);
  },
  subresources: { status: checkConditions },
});

function checkLevel(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  const type = textAt(spec, 'type');
  if ((textAt(metadataOf(object), 'name') === 'exempt') !== (type === 'Exempt')) {
    problems.invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'");
  }
  const [limited, exempt] = [maybeObject(spec, 'limited'), maybeObject(spec, 'exempt')];
  if (type === 'Exempt') {
    if (limited !== undefined) problems.forbidden('spec.limited', 'must be nil if the type is not Limited');
    if (exempt !== undefined) checkShares(problems, 'spec.exempt', exempt);
  } else if (type === 'Limited') {
    if (exempt !== undefined) problems.forbidden('spec.exempt', 'must be nil if the type is Limited');
    if (limited === undefined) problems.required('spec.limited', 'must not be empty when type is Limited');
    else checkLimited(problems, 'spec.limited', limited);
  } else requiredOneOf('Exempt', 'Limited')(problems, 'spec.type', type);
}

function checkShares(problems: Problems, path: string, part: ObjectValue): void {
  const shares = numberAt(part, 'nominalConcurrencyShares') ?? 0;
  if (shares < 0) problems.invalid(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer');
  if (path.endsWith('exempt')) checkLendable(problems, path, part);
}

function checkLendable(problems: Problems, path: string, part: ObjectValue): void {
  const lendable = numberAt(part, 'lendablePercent') ?? 0;
  if (lendable >= 0 && lendable <= 100) return;
  problems.invalid(`${path}.lendablePercent`, lendable, 'must be between 0 and 100, inclusive');
}

function checkLimited(problems: Problems, path: string, limited: ObjectValue): void {
  checkShares(problems, path, limited);
  const response = objectAt(limited, 'limitResponse');
  const at = `${path}.limitResponse`;
  const queuing = maybeObject(response, 'queuing');
  const type = textAt(response, 'type');
  if (type === 'Reject') {
    const detail = 'must be nil if limited.limitResponse.type is not Limited';
    if (queuing !== undefined) problems.forbidden(`${at}.queuing`, detail);
  } else if (type === 'Queue') {
    const detail = 'must not be empty if limited.limitResponse.type is Limited';
    if (queuing === undefined) problems.required(`${at}.queuing`, detail);
    else checkQueuing(problems, `${at}.queuing`, queuing);
  } else requiredOneOf('Queue', 'Reject')(problems, `${at}.type`, type);
  checkLendable(problems, path, limited);
  const borrowing = numberAt(limited, 'borrowingLimitPercent') ?? 0;
  if (borrowing >= 0) return;
  problems.invalid(`${path}.borrowingLimitPercent`, borrowing, 'if specified, must be a non-negative integer');
}

const maxQueues = 10_000_000;

function checkQueuing(problems: Problems, path: string, queuing: ObjectValue): void {
  const count = (field: string): number => numberAt(queuing, field) ?? 0;
  const [length, queues, hand] = ['queueLengthLimit', 'queues', 'handSize'].map(count);
  if ((length ?? 0) <= 0) problems.invalid(`${path}.queueLengthLimit`, length, 'must be positive');
  const many = queues ?? 0;
  const size = hand ?? 0;
  if (many <= 0) problems.invalid(`${path}.queues`, many, 'must be positive');
  else if (many > maxQueues) problems.invalid(`${path}.queues`, many, `must not be greater than ${maxQueues}`);
  if (size <= 0) problems.invalid(`${path}.handSize`, size, 'must be positive');
  else if (size > many) problems.invalid(`${path}.handSize`, size, `should not be greater than queues (${many})`);
}

export const priorityLevelValidator: Validator = validator({
  create: (problems, object) => {
    checkLevel(problems, object);
    checkConditions(problems, object);
  },
  subresources: { status: checkConditions },
});
