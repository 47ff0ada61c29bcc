import type { Implementation, Library } from '../functions.ts';
import { Failure, type CelValue, type Opaque } from '../value.ts';

/** A version in an expression (semver.org, 2.0.0). */
class Version implements Opaque {
  readonly opaque = 'kubernetes.Semver';
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];

  constructor(numbers: readonly bigint[], prerelease: readonly string[]) {
    this.numbers = numbers;
    this.prerelease = prerelease;
  }

  equals(other: Opaque): boolean {
    return other instanceof Version && this.compare(other) === 0;
  }

  /** Build metadata does not count. */
  compare(other: Version): number {
    for (const [position, number] of this.numbers.entries()) {
      const against = other.numbers[position] ?? 0n;
      if (number !== against) return number < against ? -1 : 1;
    }
    const [mine, others] = [this.prerelease, other.prerelease];
    if (mine.length === 0 || others.length === 0) return Math.sign(others.length - mine.length);
    for (const [position, part] of mine.entries()) {
      const against = others[position];
      if (against === undefined) return 1;
      const order = compareParts(part, against);
      if (order !== 0) return order;
    }
    return mine.length - others.length < 0 ? -1 : 0;
  }
}

const isNumber = (part: string): boolean => /^\d+$/.test(part);

/** Numbers before words, numbers by value, words by text. */
function compareParts(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const names = ['major', 'minor', 'patch'] as const;
const maxNumber = 2n ** 64n;

function numberProblem(text: string, name: string): string | undefined {
  const shown = JSON.stringify(text);
  if (!/^\d*$/.test(text)) return `Invalid character(s) found in ${name} number ${shown}`;
  if (text.length > 1 && text.startsWith('0'))
    return `${name[0]?.toUpperCase()}${name.slice(1)} number must not contain leading zeroes ${shown}`;
  if (text === '') return `strconv.ParseUint: parsing "": invalid syntax`;
  return BigInt(text) < maxNumber ? undefined : `strconv.ParseUint: parsing ${shown}: value out of range`;
}

function prereleaseProblem(part: string): string | undefined {
  if (part === '') return 'Prerelease is empty';
  if (isNumber(part) && part.length > 1 && part.startsWith('0'))
    return `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(part)}`;
  return /^[0-9A-Za-z-]+$/.test(part) ? undefined : `Invalid character(s) found in prerelease ${JSON.stringify(part)}`;
}

function buildProblem(part: string): string | undefined {
  if (part === '') return 'Build meta data is empty';
  return /^[0-9A-Za-z-]+$/.test(part)
    ? undefined
    : `Invalid character(s) found in build meta data ${JSON.stringify(part)}`;
}

/** Splits off what follows the first occurrence of a mark. */
function cut(text: string, mark: string): readonly [string, readonly string[]] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, []] : [text.slice(0, at), text.slice(at + 1).split('.')];
}

/** The first two numbers, and the rest. */
function threeParts(text: string): string[] {
  const [major = '', minor, ...rest] = text.split('.');
  return [major, ...(minor === undefined ? [] : [minor]), ...(rest.length === 0 ? [] : [rest.join('.')])];
}

function parseStrict(text: string): Version | Failure {
  if (text === '') return new Failure('Version string empty');
  const parts = threeParts(text);
  if (parts.length !== 3) return new Failure('No Major.Minor.Patch elements found');
  const [withPrerelease, build] = cut(parts[2] ?? '', '+');
  const [patch, prerelease] = cut(withPrerelease, '-');
  const numbers = [parts[0] ?? '', parts[1] ?? '', patch];
  const problem =
    numbers.map((number, position) => numberProblem(number, names[position] ?? '')).find(Boolean) ??
    prerelease.map(prereleaseProblem).find(Boolean) ??
    build.map(buildProblem).find(Boolean);
  return problem === undefined ? new Version(numbers.map(BigInt), prerelease) : new Failure(problem);
}

/** Takes a `v` and leading zeros, and adds missing numbers. */
function parseLenient(text: string): Version | Failure {
  const parts = threeParts(text.replace(/^v/, '')).map((part) => {
    if (part.length < 2) return part;
    const bare = part.replace(/^0+/, '');
    return /^\d/.test(bare) ? bare : `0${bare}`;
  });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? ''))
    return new Failure('short version cannot contain PreRelease/Build meta data');
  while (parts.length < 3) parts.push('0');
  return parseStrict(parts.join('.'));
}

const parse: Implementation = (value, lenient) => {
  const text = typeof value === 'string' ? value : '';
  return lenient === true ? parseLenient(text) : parseStrict(text);
};

const numberOf =
  (position: number): Implementation =>
  (value) =>
    value instanceof Version ? (value.numbers[position] ?? 0n) : new Failure('no such overload');

const compared =
  (result: (order: number) => CelValue): Implementation =>
  (a, b) =>
    a instanceof Version && b instanceof Version ? result(a.compare(b)) : new Failure('no such overload');

/** Kubernetes' semver functions, version 1. */
export const semverLibrary: Library = [
  ['semver(string): Semver', parse],
  ['semver(string, bool): Semver', parse],
  ['isSemver(string): bool', (text = null) => parse(text) instanceof Version],
  ['isSemver(string, bool): bool', (text = null, lenient = null) => parse(text, lenient) instanceof Version],
  ...names.map((name, position): Library[number] => [`Semver.${name}(): int`, numberOf(position)]),
  ['Semver.isLessThan(Semver): bool', compared((order) => order < 0)],
  ['Semver.isGreaterThan(Semver): bool', compared((order) => order > 0)],
  ['Semver.compareTo(Semver): int', compared((order) => BigInt(order))],
];
