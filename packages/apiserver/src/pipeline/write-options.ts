import { fieldErrors } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import type { FieldValidation } from '../parts.ts';
import { isTrue } from '../request/request-info.ts';
import { invalid } from '../status-error.ts';
import type { RequestContext, WriteOptions } from './context.ts';

const validations = new Set(['', 'Strict', 'Warn', 'Ignore']);
const maxManagerLength = 128;
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/** Which options a write takes. */
export type WriteKind = 'CreateOptions' | 'UpdateOptions' | 'ApplyOptions' | 'PatchOptions';

/** `dryRun`, `fieldManager`, `fieldValidation` and `force` of a write. Throws 422 in the name of meta.k8s.io. */
export function readWriteOptions(context: RequestContext, kind: WriteKind): WriteOptions {
  const { query } = context.info;
  const dryRun = query.getAll('dryRun');
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  const errors = [
    ...kindErrors(kind, manager, query.has('force')),
    ...managerErrors(manager),
    ...dryRunErrors(dryRun),
    ...(validations.has(validation)
      ? []
      : [fieldErrors.notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ];
  const optionsKind = kind === 'ApplyOptions' ? 'PatchOptions' : kind;
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager: manager === '' ? managerFromAgent(context) : manager,
    fieldValidation: (validation === '' ? 'Warn' : validation) as FieldValidation,
    force: isTrue(query.get('force')),
  };
}

function kindErrors(kind: WriteKind, manager: string, hasForce: boolean): FieldError[] {
  if (kind === 'ApplyOptions' && manager === '') {
    return [fieldErrors.required('fieldManager', 'is required for apply patch')];
  }
  if (kind !== 'PatchOptions' || !hasForce) return [];
  return [fieldErrors.forbidden('force', 'may not be specified for non-apply patch')];
}

/** Shared with DeleteOptions. */
export function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [fieldErrors.notSupported('dryRun', values, ['All'])];
}

function managerErrors(manager: string): FieldError[] {
  if (Buffer.byteLength(manager) > maxManagerLength) return [fieldErrors.tooLong('fieldManager', maxManagerLength)];
  const bad = unprintable.exec(manager);
  if (bad === null) return [];
  const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const detail = `invalid character U+${code} (at position ${Array.from(manager.slice(0, bad.index)).length})`;
  return [fieldErrors.invalid('fieldManager', manager, detail)];
}

/** Without fieldManager the part of the user agent before the first slash counts. */
function managerFromAgent({ request }: RequestContext): string {
  const agent = request.headers['user-agent'] ?? '';
  return (agent.split('/')[0] ?? '').replaceAll(new RegExp(unprintable, 'gu'), '').slice(0, maxManagerLength);
}
