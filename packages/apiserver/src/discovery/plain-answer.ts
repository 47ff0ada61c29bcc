import type { WireResponse } from '@reeve/api';
import { stringify } from 'yaml';
import { WholeBody } from '../pipeline/body.ts';

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
