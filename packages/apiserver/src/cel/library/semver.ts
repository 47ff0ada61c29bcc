import { compare as compareVersions, SemVer } from 'semver';
import type { Implementation, Library } from '../functions.ts';
import { Failure, type CelValue, type Opaque } from '../value.ts';

/** A version in an expression. */
class Version implements Opaque {
  readonly opaque = 'kubernetes.Semver';
  readonly version: SemVer;

  constructor(version: SemVer) {
    this.version = version;
  }

  equals(other: Opaque): boolean {
    return other instanceof Version && compareVersions(this.version, other.version) === 0;
  }
}

const strict =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

/** Takes off a `v`, leading zeros, and adds missing parts. */
function normalize(text: string): string {
  const bare = text.replace(/^v/, '');
  const at = bare.search(/[-+]/);
  const [core, rest] = at < 0 ? [bare, ''] : [bare.slice(0, at), bare.slice(at)];
  const parts = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

function parse(value: CelValue | undefined, lenient: CelValue | undefined): Version | Failure {
  const given = typeof value === 'string' ? value : '';
  const text = lenient === true ? normalize(given) : given;
  if (strict.test(text)) return new Version(new SemVer(text));
  if (text === '') return new Failure('Version string empty');
  return new Failure(
    text.split('.').length < 3
      ? 'No Major.Minor.Patch elements found'
      : `Invalid character(s) found in major number ${JSON.stringify(text.split('.')[0])}`,
  );
}

const version = (value: CelValue | undefined): SemVer =>
  value instanceof Version ? value.version : new SemVer('0.0.0');

const compared =
  (result: (order: number) => CelValue): Implementation =>
  (a, b) =>
    result(compareVersions(version(a), version(b)));

/** Kubernetes' semver functions, version 1. */
export const semverLibrary: Library = [
  ['semver(string): Semver', (text) => parse(text, false)],
  ['semver(string, bool): Semver', parse],
  ['isSemver(string): bool', (text) => parse(text, false) instanceof Version],
  ['isSemver(string, bool): bool', (text, lenient) => parse(text, lenient) instanceof Version],
  ['Semver.major(): int', (value) => BigInt(version(value).major)],
  ['Semver.minor(): int', (value) => BigInt(version(value).minor)],
  ['Semver.patch(): int', (value) => BigInt(version(value).patch)],
  ['Semver.isLessThan(Semver): bool', compared((order) => order < 0)],
  ['Semver.isGreaterThan(Semver): bool', compared((order) => order > 0)],
  ['Semver.compareTo(Semver): int', compared((order) => BigInt(order))],
];
