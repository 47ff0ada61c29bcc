import type { WireResponse } from '@reeve/api';
import { stringify } from 'yaml';
import { WholeBody } from '../pipeline/body.ts';
import type { StatusError } from '../status-error.ts';
import { statusError } from '../status-error.ts';

export const jsonType = 'application/json';
export const yamlType = 'application/yaml';

/** A JSON document; the type may carry parameters. */
export function jsonAnswer(value: unknown, status = 200, contentType: string = jsonType): WireResponse {
  return bytesAnswer(Buffer.from(JSON.stringify(value)), status, contentType);
}

/** The same in YAML, keys sorted and lists not indented, as the real server prints it. */
export function yamlAnswer(value: unknown): WireResponse {
  const text = stringify(value, { indentSeq: false, sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
  return bytesAnswer(Buffer.from(text), 200, yamlType);
}

export function bytesAnswer(bytes: Uint8Array, status: number, contentType: string): WireResponse {
  return { status, headers: { 'content-type': contentType }, body: new WholeBody(bytes) };
}

/** A Status without details, as routes answer that exist for other methods or versions only. */
export const methodNotAllowed = (): StatusError =>
  statusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const unknownResource = (): StatusError =>
  statusError(404, 'NotFound', 'the server could not find the requested resource', {});
