import type { FieldError } from '../../field-error.ts';
import type { ObjectValue } from '../../value.ts';
import { textAt, textsAt } from '../object-path.ts';
import { addressFamily, legacyAddress } from './addresses.ts';
import { Problems } from './problems.ts';

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

/** What is wrong with a Service's cluster addresses and families, given what it had before. */
export function clusterIPErrors(spec: ObjectValue, before: ObjectValue | undefined): readonly FieldError[] {
  const problems = new Problems();
  const addresses = textsAt(spec, 'clusterIPs');
  checkFirst(problems, textAt(spec, 'clusterIP'), addresses);
  checkFamilies(problems, spec);
  if (!checkForms(problems, addresses, textsAt(before, 'clusterIPs'))) return problems.errors;
  if (addresses.length > 1) checkDual(problems, addresses);
  const isHeadless = addresses[0] === 'None';
  if (!isHeadless) checkMatch(problems, addresses, textsAt(spec, 'ipFamilies'));
  return problems.errors;
}

function checkFirst(problems: Problems, single: string, addresses: readonly string[]): void {
  const [first] = addresses;
  if (single === '') {
    if (first !== undefined) {
      problems.invalid('spec.clusterIPs', addresses, 'must be empty when `clusterIP` is not specified');
    }
  } else if (first === undefined) problems.required('spec.clusterIPs');
  else if (first !== single) problems.invalid('spec.clusterIPs', addresses, 'first value must match `clusterIP`');
}

function checkFamilies(problems: Problems, spec: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, family] of textsAt(spec, 'ipFamilies').entries()) {
    const path = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) problems.notSupported(path, family, families);
    if (seen.has(family)) problems.duplicate(path, family);
    seen.add(family);
  }
  const policy = textAt(spec, 'ipFamilyPolicy');
  if (policy !== '' && !policies.includes(policy)) problems.notSupported('spec.ipFamilyPolicy', policy, policies);
}

/** True if all can be compared further. */
function checkForms(problems: Problems, addresses: readonly string[], known: readonly string[]): boolean {
  const before = problems.errors.length;
  for (const [index, address] of addresses.entries()) {
    if (index === 0 && address === 'None') {
      if (addresses.length > 1) {
        problems.invalid('spec.clusterIPs', addresses, "'None' must be the first and only value");
      }
    } else if (!known.includes(address)) problems.text(`spec.clusterIPs[${index}]`, address, legacyAddress);
  }
  const isSound = problems.errors.length === before;
  if (addresses.length > 2) problems.invalid('spec.clusterIPs', addresses, 'may only hold up to 2 values');
  return isSound;
}

function checkDual(problems: Problems, addresses: readonly string[]): void {
  if (new Set(addresses.map(addressFamily)).size === addresses.length) return;
  problems.invalid('spec.clusterIPs', addresses, 'may specify no more than one IP for each IP family');
}

function checkMatch(problems: Problems, addresses: readonly string[], given: readonly string[]): void {
  for (const [index, family] of given.entries()) {
    const address = addresses[index];
    if (address === undefined || `IPv${addressFamily(address)}` === family) continue;
    problems.invalid(
      `spec.clusterIPs[${index}]`,
      address,
      `expected an ${family} value as indicated by \`ipFamilies[${index}]\``,
    );
  }
}
