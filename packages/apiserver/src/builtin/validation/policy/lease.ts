import type { ObjectValue } from '../../../value.ts';
import { numberAt, objectAt, textAt } from '../../object-path.ts';
import { checkImmutable } from '../immutable.ts';
import { qualifiedNameErrors } from '@reeve/api';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const known = 'OldestEmulationVersion';

function checkStrategy(problems: Problems, path: string, strategy: string): void {
  if (strategy.includes('/')) problems.text(path, strategy, qualifiedNameErrors);
  else if (strategy !== known) problems.notSupported(path, strategy, [known]);
}

export const leaseValidator: Validator = validator({
  create: (problems, lease) => {
    const spec = objectAt(lease, 'spec');
    const seconds = numberAt(spec, 'leaseDurationSeconds');
    if (seconds !== undefined && seconds <= 0) {
      problems.invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0');
    }
    const transitions = numberAt(spec, 'leaseTransitions');
    if (transitions !== undefined && transitions < 0) {
      problems.invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0');
    }
    const strategy = spec['strategy'];
    if (typeof strategy === 'string') checkStrategy(problems, 'spec.strategy', strategy);
    if (textAt(spec, 'preferredHolder') !== '' && textAt(spec, 'strategy') === '') {
      problems.forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined');
    }
  },
});

/** A semantic version as three numbers, or nothing. */
function versionOf(text: string): readonly number[] | undefined {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(text);
  return match?.slice(1, 4).map(Number);
}

function isBefore(left: readonly number[], right: readonly number[]): boolean {
  const place = left.findIndex((part, index) => part !== right[index]);
  return place >= 0 && (left[place] ?? 0) < (right[place] ?? 0);
}

function checkCandidate(problems: Problems, candidate: ObjectValue): void {
  const spec = objectAt(candidate, 'spec');
  if (textAt(spec, 'leaseName') === '') problems.required('spec.leaseName');
  const emulation = textAt(spec, 'emulationVersion');
  const binary = textAt(spec, 'binaryVersion');
  const [emulated, built] = [versionOf(emulation), versionOf(binary)];
  const detail = 'must be a valid semantic version';
  if (emulation !== '' && emulated === undefined) problems.invalid('spec.emulationVersion', emulation, detail);
  if (binary === '') problems.required('spec.binaryVersion');
  else if (built === undefined) problems.invalid('spec.binaryVersion', binary, detail);
  if (emulated !== undefined && built !== undefined && isBefore(built, emulated)) {
    problems.invalid('spec.binaryVersion', binary, 'must be greater than or equal to `emulationVersion`');
  }
  const strategy = textAt(spec, 'strategy');
  if (strategy === '') return problems.required('spec.strategy');
  if (strategy === known && emulated === undefined) {
    problems.required('spec.emulationVersion', `must be specified when \`strategy\` is '${known}'`);
  }
  checkStrategy(problems, 'spec.strategy', strategy);
}

export const leaseCandidateValidator: Validator = validator({
  create: checkCandidate,
  update: (problems, candidate, old) => {
    checkCandidate(problems, candidate);
    checkImmutable(problems, 'spec.leaseName', candidate, old);
  },
});
