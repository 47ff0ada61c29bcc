import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { blockWarnings, isStrictlyInside, legacyBlock, parseBlock } from '../addresses.ts';
import { portNumber } from '../checks.ts';
import { labelSelector } from '../label-selector-check.ts';
import { portName } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

/** The two directions, and who is at the other end. */
const directions = [
  { rules: 'ingress', peers: 'from' },
  { rules: 'egress', peers: 'to' },
] as const;

const protocols = ['TCP', 'UDP', 'SCTP'];

function checkPort(problems: Problems, path: string, port: ObjectValue): void {
  const protocol = port['protocol'];
  if (typeof protocol === 'string' && !protocols.includes(protocol)) {
    problems.notSupported(`${path}.protocol`, protocol, protocols);
  }
  const first = port['port'];
  const last = numberAt(port, 'endPort');
  const end = `${path}.endPort`;
  if (typeof first === 'number') {
    portNumber(problems, `${path}.port`, first);
    if (last === undefined) return;
    if (last < first) problems.invalid(end, first, 'must be greater than or equal to `port`');
    portNumber(problems, end, last);
  } else if (typeof first === 'string') {
    if (last !== undefined) problems.invalid(end, last, 'may not be specified when `port` is non-numeric');
    problems.text(`${path}.port`, first, portName);
  } else if (last !== undefined) problems.invalid(end, last, 'may not be specified when `port` is not specified');
}

function checkPeer(problems: Problems, path: string, peer: ObjectValue, known: ReadonlySet<string>): void {
  labelSelector(problems, `${path}.podSelector`, peer['podSelector']);
  labelSelector(problems, `${path}.namespaceSelector`, peer['namespaceSelector']);
  const block = maybeObject(peer, 'ipBlock');
  if (block !== undefined) checkBlock(problems, `${path}.ipBlock`, block, known);
  const count = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((field) => maybeObject(peer, field)).length;
  if (count === 0) problems.required(path, 'must specify a peer');
  else if (count > 1 && block !== undefined) {
    problems.forbidden(path, 'may not specify both ipBlock and another peer');
  }
}

function checkBlock(problems: Problems, path: string, block: ObjectValue, known: ReadonlySet<string>): void {
  const range = textAt(block, 'cidr');
  if (range === '') return problems.required(`${path}.cidr`);
  if (!known.has(range)) problems.text(`${path}.cidr`, range, legacyBlock);
  const outer = parseBlock(range);
  if (outer === undefined) return;
  for (const [index, except] of textsAt(block, 'except').entries()) {
    const at = `${path}.except[${index}]`;
    if (!known.has(except)) problems.text(at, except, legacyBlock);
    const inner = parseBlock(except);
    if (inner === undefined || isStrictlyInside(outer, inner)) continue;
    problems.invalid(at, except, 'must be a strict subset of `cidr`');
  }
}

function checkPolicy(problems: Problems, policy: ObjectValue, known: ReadonlySet<string>): void {
  const spec = objectAt(policy, 'spec');
  labelSelector(problems, 'spec.podSelector', spec['podSelector']);
  for (const { rules, peers } of directions) {
    for (const [index, rule] of itemsOf(spec, rules).entries()) {
      const path = `spec.${rules}[${index}]`;
      for (const [place, port] of itemsOf(rule, 'ports').entries()) {
        checkPort(problems, `${path}.ports[${place}]`, port);
      }
      for (const [place, peer] of itemsOf(rule, peers).entries()) {
        checkPeer(problems, `${path}.${peers}[${place}]`, peer, known);
      }
    }
  }
  const types = textsAt(spec, 'policyTypes');
  if (types.length > 2) {
    return problems.invalid('spec.policyTypes', types, 'may not specify more than two policyTypes');
  }
  for (const [index, type] of types.entries()) {
    if (type === 'Ingress' || type === 'Egress') continue;
    problems.notSupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']);
  }
}

/** All address blocks of a policy, with where they are. */
function blocksOf(policy: ObjectValue): readonly (readonly [string, string])[] {
  const spec = objectAt(policy, 'spec');
  return directions.flatMap(({ rules, peers }) =>
    itemsOf(spec, rules).flatMap((rule, index) =>
      itemsOf(rule, peers).flatMap((peer, place) => {
        const block = maybeObject(peer, 'ipBlock');
        if (block === undefined) return [];
        const path = `spec.${rules}[${index}].${peers}[${place}].ipBlock`;
        const excepts = textsAt(block, 'except').map((text, at) => [`${path}.except[${at}]`, text] as const);
        return [[`${path}.cidr`, textAt(block, 'cidr')] as const, ...excepts];
      }),
    ),
  );
}

export const networkPolicyValidator: Validator = validator({
  create: (problems, policy) => checkPolicy(problems, policy, new Set()),
  update: (problems, policy, old) => checkPolicy(problems, policy, new Set(blocksOf(old).map(([, text]) => text))),
  warnings: (policy) => blocksOf(policy).flatMap(([path, text]) => blockWarnings(path, text)),
});
