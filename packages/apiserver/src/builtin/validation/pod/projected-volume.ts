import { isObject } from '../../../value.ts';
import type { ObjectValue, Value } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, textAt } from '../../object-path.ts';
import { required } from '../checks.ts';
import { ownPath } from '../paths.ts';
import type { Problems } from '../problems.ts';
import { checkDownwardFile, fileMode, keyToPath } from './volume-sources.ts';

const sources = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'] as const;
const minSeconds = 600;

/** Several sources in one directory, each path at most once. */
export function checkProjected(problems: Problems, path: string, value: Value | undefined): void {
  if (!isObject(value)) return;
  fileMode(problems, `${path}.defaultMode`, value['defaultMode']);
  const taken = new Set<string>();
  for (const [index, source] of itemsOf(value, 'sources').entries()) {
    const at = `${path}.sources[${index}]`;
    const given = sources.filter((name) => maybeObject(source, name) !== undefined);
    for (const name of given)
      checkSource(problems, path, `${at}.${name}`, name, maybeObject(source, name) ?? {}, taken);
    if (given.length > 1) problems.forbidden(at, 'may not specify more than 1 volume type per source');
  }
}

function checkSource(
  problems: Problems,
  volume: string,
  path: string,
  name: string,
  source: ObjectValue,
  taken: Set<string>,
): void {
  if (name === 'serviceAccountToken') return checkToken(problems, volume, path, source);
  const isDownward = name === 'downwardAPI';
  if (!isDownward) required(problems, `${path}.name`, source['name']);
  for (const [index, item] of itemsOf(source, 'items').entries()) {
    if (isDownward) checkDownwardFile(problems, path, item);
    else keyToPath(problems, `${path}.items[${index}]`, item);
    const file = textAt(item, 'path');
    if (file === '') continue;
    if (taken.has(file)) {
      problems.invalid(volume, isDownward ? file : textAt(source, 'name'), 'conflicting duplicate paths');
    }
    taken.add(file);
  }
}

function checkToken(problems: Problems, volume: string, path: string, source: ObjectValue): void {
  const seconds = numberAt(source, 'expirationSeconds') ?? 0;
  const at = `${path}.expirationSeconds`;
  if (seconds < minSeconds) problems.invalid(at, seconds, 'may not specify a duration less than 10 minutes');
  if (seconds > 2 ** 32) problems.invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds');
  const file = textAt(source, 'path');
  if (file === '') problems.required(`${volume}.path`);
  else problems.text(`${volume}.path`, file, ownPath);
}
