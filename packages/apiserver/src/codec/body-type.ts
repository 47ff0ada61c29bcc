import { badRequest } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import type { Value } from '../value.ts';
import { isObject } from '../value.ts';
import type { GroupVersionKind } from './go-types.ts';

const SUMMARY_LENGTH = 30;
const TYPE_META = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

/** The beginning of a body as errors show it: as text if it looks like JSON, else in hexadecimal. */
function summarize(bytes: Uint8Array): string {
  if (bytes.length === 0) return '<empty>';
  const shown = Buffer.from(bytes.subarray(0, SUMMARY_LENGTH));
  const text = bytes[0] === 0x7b ? shown.toString('utf8') : shown.toString('hex');
  return bytes.length > SUMMARY_LENGTH ? `${text} ...` : text;
}

/** 400 for a body of which not even the kind could be read. */
export function unrecognized(expected: GroupVersionKind, reason: string, bytes: Uint8Array): StatusError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${expected.kind}): ${reason} (${summarize(bytes)})`,
  );
}

/** 400 for a body whose kind is known, but which cannot be decoded as what the path wants. */
export function cannotHandle(actual: GroupVersionKind, expected: GroupVersionKind, reason: string): StatusError {
  return badRequest(
    `${actual.kind} in version ${JSON.stringify(actual.version)} cannot be handled as a ${expected.kind}: ${reason}`,
  );
}

const kindOfValue = (value: Value): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value;
};

/** `apps/v1`, or `v1` for the core group. */
export function groupVersionText({ group, version }: Pick<GroupVersionKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** What apiVersion and kind of a body say; undefined parts are not there. Throws a 400 with Go's text. */
export function readTypeMeta(value: Value): { readonly apiVersion: string; readonly kind: string } {
  if (value !== null && !isObject(value))
    throw badRequest(`json: cannot unmarshal ${kindOfValue(value)} into Go value of type ${TYPE_META}`);
  const text = (name: 'apiVersion' | 'kind'): string => {
    const found = value?.[name] ?? '';
    if (typeof found === 'string') return found;
    throw badRequest(`json: cannot unmarshal ${kindOfValue(found)} into Go struct field .${name} of type string`);
  };
  return { apiVersion: text('apiVersion'), kind: text('kind') };
}

/** The kind that a body says it is, with what it leaves out taken from the path. Throws a 400 with Go's text. */
export function typeOfBody(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  expected: GroupVersionKind,
): GroupVersionKind {
  const parts = apiVersion.split('/');
  if (parts.length > 2) throw badRequest(`unexpected GroupVersion string: ${apiVersion}`);
  const [first = '', second] = parts;
  const group = second === undefined ? '' : first;
  const version = second ?? first;
  const isVersionGiven = version !== '';
  return {
    group: isVersionGiven ? group : expected.group,
    version: isVersionGiven ? version : expected.version,
    kind: kind === '' ? expected.kind : kind,
  };
}

/** 400 for a body of another version than the path's. */
export function versionMismatch(actual: GroupVersionKind, expected: GroupVersionKind): StatusError {
  return badRequest(
    `the API version in the data (${groupVersionText(actual)}) does not match the expected API version (${groupVersionText(expected)})`,
  );
}

/** The text of Go's failed conversion between kinds; internal types live in a package named after the group. */
export function unknownConversion(actual: GroupVersionKind, expected: GroupVersionKind): string {
  const internal = expected.group === '' ? 'core' : (expected.group.split('.')[0] ?? '');
  return `converting (${actual.version}.${actual.kind}) to (${internal}.${expected.kind}): unknown conversion`;
}
