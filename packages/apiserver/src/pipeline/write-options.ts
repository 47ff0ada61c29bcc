import { fieldErrors } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import type { FieldValidation } from '../parts.ts';
import { badRequest, invalid } from '../status-error.ts';
import type { RequestContext, WriteOptions } from './context.ts';

const validations = new Set(['', 'Strict', 'Warn', 'Ignore']);
const maxManagerLength = 128;

/** `dryRun`, `fieldManager`, `fieldValidation` and `force` of a write, checked as `optionsKind` of meta.k8s.io. */
export function readWriteOptions(context: RequestContext, optionsKind: string): WriteOptions {
  const { query } = context.info;
  const dryRun = query.getAll('dryRun');
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  const force = query.get('force');
  const errors = [
    ...dryRunErrors(dryRun),
    ...managerErrors(manager),
    ...(validations.has(validation)
      ? []
      : [fieldErrors.notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ];
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', errors);
  if (force !== null && optionsKind !== 'PatchOptions') throw badRequest('force is allowed for patches only');
  return {
    dryRun: dryRun.length > 0,
    fieldManager: manager === '' ? managerFromAgent(context) : manager,
    fieldValidation: (validation === '' ? 'Warn' : validation) as FieldValidation,
    force: force !== null && force !== 'false' && force !== '0',
  };
}

/** Shared with DeleteOptions. */
export function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [fieldErrors.notSupported('dryRun', values, ['All'])];
}

function managerErrors(manager: string): FieldError[] {
  if (manager.length > maxManagerLength) return [fieldErrors.tooLong('fieldManager', maxManagerLength)];
  const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
  return printable.test(manager)
    ? []
    : [fieldErrors.invalid('fieldManager', manager, 'should only contain printable characters')];
}

/** Without fieldManager the part of the user agent before the first slash counts. */
function managerFromAgent({ request }: RequestContext): string {
  const agent = request.headers['user-agent'] ?? '';
  return (agent.split('/')[0] ?? '').slice(0, maxManagerLength);
}
