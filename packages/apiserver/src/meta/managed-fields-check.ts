import { itemsOf, textAt } from '../builtin/object-path.ts';
import type { Problems } from '../builtin/validation/problems.ts';
import type { ObjectValue } from '../value.ts';

const maxManager = 128;
const maxSubresource = 256;

/** Checks entries that a client brought along; the server's own always pass. */
export function validateManagedFields(problems: Problems, metadata: ObjectValue, path: string): void {
  for (const [index, entry] of itemsOf(metadata, 'managedFields').entries()) {
    const at = `${path}.managedFields[${index}]`;
    const operation = textAt(entry, 'operation');
    if (operation !== 'Apply' && operation !== 'Update') {
      problems.invalid(`${at}.operation`, operation, 'must be `Apply` or `Update`');
    }
    const type = textAt(entry, 'fieldsType');
    if (type !== '' && type !== 'FieldsV1') problems.invalid(`${at}.fieldsType`, type, 'must be `FieldsV1`');
    checkManager(problems, textAt(entry, 'manager'), `${at}.manager`);
    if (textAt(entry, 'subresource').length > maxSubresource) problems.tooLong(`${at}.subresource`, maxSubresource);
  }
}

/** A manager's name is short and printable. */
function checkManager(problems: Problems, manager: string, path: string): void {
  if (Buffer.byteLength(manager) > maxManager) problems.tooLong(path, maxManager);
  const bad = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(manager);
  if (bad === null) return;
  const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const position = Array.from(manager.slice(0, bad.index)).length;
  problems.invalid(path, manager, `invalid character U+${code} (at position ${position})`);
}
