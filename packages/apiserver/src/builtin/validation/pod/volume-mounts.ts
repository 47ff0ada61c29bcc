import { isObject } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, objectAt, textAt } from '../../object-path.ts';
import { descendingPath, noBacksteps } from '../paths.ts';
import type { Problems } from '../problems.ts';
import type { SoundVolumes } from './volumes.ts';

/** Where a container mounts volumes. */
export function checkMounts(problems: Problems, path: string, container: ObjectValue, volumes: SoundVolumes): void {
  const devices = itemsOf(container, 'volumeDevices');
  const taken = new Set<string>();
  for (const [index, mount] of itemsOf(container, 'volumeMounts').entries()) {
    const at = `${path}.volumeMounts[${index}]`;
    const name = textAt(mount, 'name');
    const place = textAt(mount, 'mountPath');
    if (name === '') problems.required(`${at}.name`);
    if (!volumes.has(name)) problems.notFound(`${at}.name`, name);
    if (place === '') problems.required(`${at}.mountPath`);
    if (taken.has(place)) problems.invalid(`${at}.mountPath`, place, 'must be unique');
    taken.add(place);
    if (devices.some((device) => textAt(device, 'name') === name)) {
      problems.invalid(`${at}.name`, name, 'must not already exist in volumeDevices');
    }
    if (devices.some((device) => textAt(device, 'devicePath') === place)) {
      problems.invalid(`${at}.mountPath`, place, 'must not already exist as a path in volumeDevices');
    }
    checkMount(problems, `${path}.volumeMounts`, at, mount, container);
  }
}

/** The real server tells some of these at the list, not at its item. */
function checkMount(problems: Problems, list: string, at: string, mount: ObjectValue, container: ObjectValue): void {
  const subPath = textAt(mount, 'subPath');
  const expression = textAt(mount, 'subPathExpr');
  if (subPath !== '') problems.text(`${list}.subPath`, subPath, descendingPath);
  if (expression !== '') {
    if (subPath !== '') {
      problems.invalid(`${at}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive');
    }
    problems.text(`${list}.subPathExpr`, expression, descendingPath);
  }
  checkPropagation(problems, `${list}.mountPropagation`, mount, container);
  checkRecursive(problems, `${list}.recursiveReadOnly`, mount);
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];

function checkPropagation(problems: Problems, path: string, mount: ObjectValue, container: ObjectValue): void {
  if (mount['mountPropagation'] === undefined) return;
  const mode = textAt(mount, 'mountPropagation');
  if (!propagations.includes(mode)) problems.notSupported(path, mode, propagations);
  const isPrivileged = objectAt(container, 'securityContext')['privileged'] === true;
  if (mode === 'Bidirectional' && !isPrivileged) {
    problems.forbidden(path, 'Bidirectional mount propagation is available only to privileged containers');
  }
}

const recursiveModes = ['Disabled', 'Enabled', 'IfPossible'];

function checkRecursive(problems: Problems, path: string, mount: ObjectValue): void {
  if (mount['recursiveReadOnly'] === undefined) return;
  const mode = textAt(mount, 'recursiveReadOnly');
  if (!recursiveModes.includes(mode)) return problems.notSupported(path, mode, recursiveModes);
  if (mode === 'Disabled') return;
  if (mount['readOnly'] !== true) problems.forbidden(path, 'may only be specified when readOnly is true');
  const propagation = mount['mountPropagation'] ?? 'None';
  if (propagation !== 'None') {
    problems.forbidden(path, 'may only be specified when mountPropagation is None or not specified');
  }
}

/** Block devices of a container. */
export function checkDevices(problems: Problems, path: string, container: ObjectValue, volumes: SoundVolumes): void {
  const mounts = itemsOf(container, 'volumeMounts');
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of itemsOf(container, 'volumeDevices').entries()) {
    const at = `${path}.volumeDevices[${index}]`;
    const name = textAt(device, 'name');
    const place = textAt(device, 'devicePath');
    const volume = volumes.get(name);
    const isBlock = isObject(volume?.['persistentVolumeClaim']) || isObject(volume?.['ephemeral']);
    if (name === '') problems.required(`${at}.name`);
    if (names.has(name)) problems.invalid(`${at}.name`, name, 'must be unique');
    if (volume !== undefined && !isBlock) {
      const detail = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      problems.invalid(`${at}.name`, name, detail);
    }
    if (volume === undefined) problems.notFound(`${at}.name`, name);
    if (place === '') problems.required(`${at}.devicePath`);
    if (paths.has(place)) problems.invalid(`${at}.devicePath`, place, 'must be unique');
    if (noBacksteps(place).length > 0) problems.invalid(`${at}.devicePath`, place, "can not contain backsteps ('..')");
    else paths.add(place);
    if (mounts.some((mount) => textAt(mount, 'name') === name)) {
      problems.invalid(`${at}.name`, name, 'must not already exist in volumeMounts');
    }
    if (mounts.some((mount) => textAt(mount, 'mountPath') === place)) {
      problems.invalid(`${at}.devicePath`, place, 'must not already exist as a path in volumeMounts');
    }
    if (name !== '') names.add(name);
  }
}
