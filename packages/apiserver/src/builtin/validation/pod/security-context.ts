import { isObject } from '../../../value.ts';
import type { ObjectValue, Value } from '../../../value.ts';
import { itemsOf, maybeObject, objectAt, textAt, textsAt } from '../../object-path.ts';
import type { Check } from '../checks.ts';
import { fields, inRange, oneOf } from '../checks.ts';
import { dnsSubdomain } from '../names.ts';
import { descendingPath } from '../paths.ts';
import type { Problems } from '../problems.ts';

const id: Check = inRange(0, 2 ** 31 - 1);
const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

const seccompProfile: Check = (problems, path, value) => {
  if (!isObject(value)) return;
  const type = textAt(value, 'type');
  if (type === '') problems.required(`${path}.type`, 'type is required when seccompProfile is set');
  else if (!profileTypes.includes(type)) problems.notSupported(`${path}.type`, type, profileTypes);
  const profile = value['localhostProfile'];
  if (type === 'Localhost') {
    if (profile === undefined) {
      problems.required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost');
    } else problems.text(`${path}.localhostProfile`, textAt(value, 'localhostProfile'), descendingPath);
  } else if (profile !== undefined) {
    problems.invalid(`${path}.localhostProfile`, value, 'can only be set when seccomp type is Localhost');
  }
};

const maxProfile = 4095;

const appArmorProfile: Check = (problems, path, value) => {
  if (!isObject(value)) return;
  const at = `${path}.localhostProfile`;
  const type = textAt(value, 'type');
  const profile = value['localhostProfile'];
  if (type === '') return problems.required(`${path}.type`, 'type is required when appArmorProfile is set');
  if (!profileTypes.includes(type)) return problems.notSupported(`${path}.type`, type, profileTypes);
  if (type !== 'Localhost') {
    if (profile !== undefined) problems.invalid(at, profile, 'can only be set when AppArmor type is Localhost');
    return;
  }
  const name = textAt(value, 'localhostProfile');
  if (name.trim() !== name) problems.invalid(at, name, 'must not be padded with whitespace');
  else if (name === '') problems.required(at, 'must be set when AppArmor type is Localhost');
  if (name.length > maxProfile) problems.tooLong(at, maxProfile);
};

const windowsOptions: Check = (problems, path, value) => {
  if (!isObject(value)) return;
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = value;
  if (typeof name === 'string') problems.text(`${path}.gmsaCredentialSpecName`, name, dnsSubdomain);
  if (spec === '') {
    problems.invalid(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string');
  }
  if (typeof user === 'string') checkWindowsUser(problems, `${path}.runAsUserName`, user);
};

function checkWindowsUser(problems: Problems, path: string, name: string): void {
  const told = (detail: string): void => problems.invalid(path, name, `runAsUserName${detail}`);
  if (name === '') return told(' cannot be an empty string');
  if (/\p{Cc}/u.test(name)) return told(' cannot contain control characters');
  const parts = name.split('\\');
  if (parts.length > 2) return told(' cannot contain more than one backslash');
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined;
  if (domain !== undefined && domain.length >= 256) told("'s Domain length must be under 256 characters");
  if (domain !== undefined && !/^[^\\/:*?"<>|.]+$|^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(domain)) {
    told("'s Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') told("'s User cannot be empty");
  else if (user.length > 104) told("'s User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user)) told("'s User cannot contain only periods or spaces");
  if (/["/\\[\]:;|=,+*?<>@]/.test(user)) told(`'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
}

const ids: Readonly<Record<string, Check>> = { runAsUser: id, runAsGroup: id };

/** The security context of a container. */
export function checkContainerSecurity(
  problems: Problems,
  path: string,
  context: ObjectValue,
  usesHostUsers: boolean,
): void {
  fields(ids)(problems, path, context);
  oneOf('Default', 'Unmasked')(problems, `${path}.procMount`, context['procMount']);
  if (usesHostUsers && context['procMount'] === 'Unmasked') {
    problems.invalid(`${path}.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`');
  }
  seccompProfile(problems, `${path}.seccompProfile`, context['seccompProfile']);
  if (context['allowPrivilegeEscalation'] === false) {
    const told = (what: string): void =>
      problems.invalid(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
    if (context['privileged'] === true) told('`privileged` to true');
    if (textsAt(objectAt(context, 'capabilities'), 'add').includes('CAP_SYS_ADMIN')) {
      told('`capabilities.Add` CAP_SYS_ADMIN');
    }
  }
  windowsOptions(problems, `${path}.windowsOptions`, context['windowsOptions']);
  appArmorProfile(problems, `${path}.appArmorProfile`, context['appArmorProfile']);
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

function checkSysctls(problems: Problems, path: string, context: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, sysctl] of itemsOf(context, 'sysctls').entries()) {
    const at = `${path}[${index}].name`;
    const name = textAt(sysctl, 'name');
    if (name === '') problems.required(at);
    else if (name.length > 253 || !sysctlName.test(name)) {
      const shape = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
      problems.invalid(at, name, `must have at most 253 characters and match regex ${shape}`);
    } else if (seen.has(name)) problems.duplicate(at, name);
    seen.add(name);
  }
}

/** The security context of a pod; some of its fields stand in the spec itself. */
export function checkPodSecurity(problems: Problems, path: string, spec: ObjectValue): void {
  const context = maybeObject(spec, 'securityContext');
  if (context !== undefined) {
    fields({ fsGroup: id, ...ids })(problems, path, context);
    checkGroups(problems, `${path}.supplementalGroups`, context['supplementalGroups']);
  }
  if (spec['shareProcessNamespace'] === true && spec['hostPID'] === true) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled';
    problems.invalid(`${path}.shareProcessNamespace`, true, detail);
  }
  if (context === undefined) return;
  checkSysctls(problems, `${path}.sysctls`, context);
  fields({
    fsGroupChangePolicy: oneOf('Always', 'OnRootMismatch'),
    seccompProfile,
    windowsOptions,
    appArmorProfile,
    supplementalGroupsPolicy: oneOf('Merge', 'Strict'),
    seLinuxChangePolicy: oneOf('MountOption', 'Recursive'),
  })(problems, path, context);
}

function checkGroups(problems: Problems, path: string, groups: Value | undefined): void {
  if (!Array.isArray(groups)) return;
  for (const [index, group] of groups.entries()) id(problems, `${path}[${index}]`, group);
}

const linuxOnly = [
  'seLinuxOptions',
  'hostUsers',
  'hostPID',
  'hostIPC',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'shareProcessNamespace',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
];
const linuxOnlyInContainers = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];
const inSpec = new Set(['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace']);

/** A pod for one operating system cannot have the settings of the other. */
export function checkOperatingSystem(problems: Problems, path: string, spec: ObjectValue): void {
  const os = textAt(objectAt(spec, 'os'), 'name');
  if (os !== 'linux' && os !== 'windows') return;
  const isLinux = os === 'linux';
  const detail = isLinux ? 'windows options cannot be set for a linux pod' : 'cannot be set for a windows pod';
  const context = objectAt(spec, 'securityContext');
  for (const field of isLinux ? ['windowsOptions'] : linuxOnly) {
    const holder = inSpec.has(field) ? spec : context;
    const at = field === 'hostUsers' ? `${path}.hostUsers` : `${path}.securityContext.${field}`;
    if (isGiven(holder[field])) problems.forbidden(at, detail);
  }
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const [index, container] of itemsOf(spec, list).entries()) {
      const own = objectAt(container, 'securityContext');
      for (const field of isLinux ? ['windowsOptions'] : linuxOnlyInContainers) {
        if (isGiven(own[field])) problems.forbidden(`${path}.${list}[${index}].securityContext.${field}`, detail);
      }
    }
  }
}

const isGiven = (value: Value | undefined): boolean => value !== undefined && value !== false && value !== null;
