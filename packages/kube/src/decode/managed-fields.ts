import type { KubeObject } from '@reeve/api';
import { comma, endOfValue, findMember, openBrace, skipSpace, skipSpaceBack } from './json-scan.ts';

/**
 * Where `metadata.managedFields` of the object at `at` lies, with one of the commas around it. A third of a custom
 * resource's bytes are often managedFields, which no controller reads: not parsing them saves time and memory.
 */
function managedFieldsSpan(bytes: Buffer, at: number): readonly [from: number, to: number] | undefined {
  const metadata = findMember(bytes, at, 'metadata');
  if (metadata === undefined || bytes[metadata.value] !== openBrace) return undefined;
  const fields = findMember(bytes, metadata.value, 'managedFields');
  if (fields === undefined) return undefined;
  const end = endOfValue(bytes, fields.value);
  const after = skipSpace(bytes, end);
  if (bytes[after] === comma) return [fields.key, after + 1];
  const before = skipSpaceBack(bytes, fields.key - 1);
  return bytes[before] === comma ? [before, end] : [fields.key, end];
}

/** Where the rest is put together: one string is made of it, not two and their sum. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** Parses JSON, leaving out the managedFields of the object that begins at `objectAt`. */
export function parseLean(bytes: Buffer, objectAt: number): unknown {
  const span = managedFieldsSpan(bytes, objectAt);
  if (span === undefined) return JSON.parse(bytes.toString());
  const [from, to] = span;
  if (bytes.length > scratch.length) scratch = Buffer.allocUnsafeSlow(bytes.length * 2);
  bytes.copy(scratch, 0, 0, from);
  bytes.copy(scratch, from, to);
  return JSON.parse(scratch.toString('utf8', 0, bytes.length - (to - from)));
}

/** A copy without managedFields of an object that is parsed already. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
