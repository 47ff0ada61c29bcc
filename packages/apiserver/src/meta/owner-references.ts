import { itemsOf, textAt } from '../builtin/object-path.ts';
import type { Problems } from '../builtin/validation/problems.ts';
import { sameValue } from '../operations/same-value.ts';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';

/** When owners are looked at: a repeated one is told differently after admission. */
export type OwnerStage = 'given' | 'admitted';

/** Removes repeated owners, which some clients send, and warns of it. */
export function dedupeOwners(object: ObjectValue, stage: OwnerStage, warn: (text: string) => void): void {
  const metadata = metadataOf(object);
  const owners = metadata['ownerReferences'];
  if (!Array.isArray(owners) || owners.length < 2) return;
  const isRepeated = (owner: Value, index: number): boolean =>
    owners.slice(0, index).some((earlier) => sameValue(owner, earlier));
  const repeated = owners.filter(isRepeated);
  if (repeated.length === 0) return;
  const uids = repeated.map((owner) => (isObject(owner) ? String(owner['uid']) : ''));
  const when = stage === 'given' ? '' : ' after mutating admission happens';
  warn(
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...new Set(uids)].join(', ')}`,
  );
  metadata['ownerReferences'] = owners.filter((owner, index) => !isRepeated(owner, index));
}

const bannedOwners = new Set(['v1/Event']);

/** Every owner is named in full, at most one controls, and Events own nothing. */
export function validateOwners(problems: Problems, metadata: ObjectValue, path: string): void {
  const at = `${path}.ownerReferences`;
  let controller = '';
  for (const owner of itemsOf(metadata, 'ownerReferences')) {
    checkOwner(problems, owner, at);
    if (owner['controller'] !== true) continue;
    const name = `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`;
    if (controller === '') controller = name;
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      problems.invalid(at, metadata['ownerReferences'], detail);
    }
  }
}

function checkOwner(problems: Problems, owner: ObjectValue, path: string): void {
  const apiVersion = textAt(owner, 'apiVersion');
  const isVersion = apiVersion !== '' && apiVersion.split('/').length <= 2;
  if (!isVersion) problems.invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty');
  for (const field of ['kind', 'name', 'uid']) {
    if (textAt(owner, field) === '') problems.invalid(`${path}.${field}`, '', 'must not be empty');
  }
  const kind = textAt(owner, 'kind');
  if (!bannedOwners.has(`${apiVersion}/${kind}`)) return;
  problems.invalid(path, owner, `/${apiVersion}, Kind=${kind} is disallowed from being an owner`);
}
