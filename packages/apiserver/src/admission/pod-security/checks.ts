import { objectAt, itemsOf, maybeObject, numberAt, textAt, textsAt } from '../../builtin/object-path.ts';
import type { ObjectValue } from '../../value.ts';
import { namedContainers, quoted, settersOf } from './wording.ts';

/** A pod, or what a template says its pods will be. */
export interface PodForm {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: ObjectValue;
}

/** Why a pod is not allowed: in short, and the details in brackets. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** One rule of the Pod Security Standards. */
export type Check = (pod: PodForm) => Violation | undefined;

export const containersOf = ({ spec }: PodForm): readonly ObjectValue[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => itemsOf(spec, list));

const contextOf = (owner: ObjectValue): ObjectValue => objectAt(owner, 'securityContext');
const nameOf = (container: ObjectValue): string => textAt(container, 'name');
const isWindows = ({ spec }: PodForm): boolean => textAt(objectAt(spec, 'os'), 'name') === 'windows';
const sorted = (items: readonly string[]): readonly string[] => [...new Set(items)].sort();
const plural = (one: string, count: number): string => (count === 1 ? one : `${one}s`);

/** Containers for which something holds. */
const bad = (pod: PodForm, test: (container: ObjectValue) => boolean): readonly string[] =>
  containersOf(pod).filter(test).map(nameOf);

export const allowPrivilegeEscalation: Check = (pod) => {
  const names = bad(pod, (container) => contextOf(container)['allowPrivilegeEscalation'] !== false);
  if (names.length === 0) return undefined;
  const detail = `${namedContainers(names)} must set securityContext.allowPrivilegeEscalation=false`;
  return { reason: 'allowPrivilegeEscalation != false', detail };
};

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

export const appArmorProfile: Check = (pod) => {
  const typeOf = (owner: ObjectValue): string | undefined => {
    const profile = maybeObject(contextOf(owner), 'appArmorProfile');
    const type = textAt(profile, 'type');
    return profile === undefined || type === 'RuntimeDefault' || type === 'Localhost' ? undefined : type;
  };
  const owners = [pod.spec, ...containersOf(pod)];
  const values = sorted(owners.flatMap((owner) => typeOf(owner) ?? []));
  const setters = [
    ...settersOf(
      typeOf(pod.spec) !== undefined,
      bad(pod, (item) => typeOf(item) !== undefined),
    ),
  ];
  const notes = Object.entries(pod.annotations)
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isSoundProfile(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  if (notes.length > 0) setters.push(plural('annotation', notes.length));
  if (setters.length === 0) return undefined;
  const all = [...values, ...notes];
  return {
    reason: plural('forbidden AppArmor profile', all.length),
    detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
  };
};

const isSoundProfile = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

const defaultCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const addedOf = (container: ObjectValue): readonly string[] =>
  textsAt(objectAt(contextOf(container), 'capabilities'), 'add');

/** Containers that add capabilities beyond some, as a text. */
function forbiddenAdditions(pod: PodForm, isAllowed: (name: string) => boolean): string | undefined {
  const names = bad(pod, (container) => !addedOf(container).every(isAllowed));
  if (names.length === 0) return undefined;
  const added = sorted(containersOf(pod).flatMap(addedOf)).filter((name) => !isAllowed(name));
  return `${namedContainers(names)} must not include ${quoted(added)} in securityContext.capabilities.add`;
}

export const capabilitiesBaseline: Check = (pod) => {
  const detail = forbiddenAdditions(pod, (name) => defaultCapabilities.has(name));
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
};

export const capabilitiesRestricted: Check = (pod) => {
  const keeping = bad(
    pod,
    (container) => !textsAt(objectAt(contextOf(container), 'capabilities'), 'drop').includes('ALL'),
  );
  const added = forbiddenAdditions(pod, (name) => name === 'NET_BIND_SERVICE');
  const details = [
    ...(keeping.length > 0 ? [`${namedContainers(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(added === undefined ? [] : [added]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

export const hostNamespaces: Check = ({ spec }) => {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
  if (shared.length === 0) return undefined;
  return { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
};

export const hostPathVolumes: Check = ({ spec }) => {
  const names = itemsOf(spec, 'volumes')
    .filter((volume) => maybeObject(volume, 'hostPath') !== undefined)
    .map(nameOf);
  if (names.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${quoted(names)}` };
};

const use = (count: number): string => (count === 1 ? 'uses' : 'use');

export const hostPorts: Check = (pod) => {
  const portsOf = (container: ObjectValue): readonly string[] =>
    itemsOf(container, 'ports').flatMap((port) => {
      const number = numberAt(port, 'hostPort') ?? 0;
      return number === 0 ? [] : [String(number)];
    });
  const names = bad(pod, (container) => portsOf(container).length > 0);
  if (names.length === 0) return undefined;
  const ports = sorted(containersOf(pod).flatMap(portsOf));
  const what = `${plural('hostPort', ports.length)} ${ports.join(', ')}`;
  return { reason: 'hostPort', detail: `${namedContainers(names)} ${use(names.length)} ${what}` };
};

export const hostProbes: Check = (pod) => {
  const hostsOf = (container: ObjectValue): readonly string[] => {
    const lifecycle = objectAt(container, 'lifecycle');
    const handlers = [
      ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((field) => objectAt(container, field)),
      ...['postStart', 'preStop'].map((field) => objectAt(lifecycle, field)),
    ];
    return handlers.flatMap((handler) =>
      ['httpGet', 'tcpSocket'].flatMap((kind) => textAt(objectAt(handler, kind), 'host') || []),
    );
  };
  const names = sorted(bad(pod, (container) => hostsOf(container).length > 0));
  if (names.length === 0) return undefined;
  const hosts = sorted(containersOf(pod).flatMap(hostsOf));
  const reason = 'probe or lifecycle host';
  return {
    reason,
    detail: `${namedContainers(names)} ${use(names.length)} ${plural(reason, hosts.length)} ${quoted(hosts)}`,
  };
};

export const privileged: Check = (pod) => {
  const names = bad(pod, (container) => contextOf(container)['privileged'] === true);
  if (names.length === 0) return undefined;
  return { reason: 'privileged', detail: `${namedContainers(names)} must not set securityContext.privileged=true` };
};

export const procMount: Check = (pod) => {
  const mountOf = (container: ObjectValue): string => textAt(contextOf(container), 'procMount');
  const isBad = (mount: string): boolean => mount !== '' && mount !== 'Default';
  const names = bad(pod, (container) => isBad(mountOf(container)));
  if (names.length === 0) return undefined;
  const mounts = sorted(containersOf(pod).map(mountOf).filter(isBad));
  return {
    reason: 'procMount',
    detail: `${namedContainers(names)} must not set securityContext.procMount to ${quoted(mounts)}`,
  };
};

const freeVolumes = 'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(
  ' ',
);

export const restrictedVolumes: Check = ({ spec }) => {
  const volumes = itemsOf(spec, 'volumes').filter(
    (volume) => !freeVolumes.some((source) => maybeObject(volume, source) !== undefined),
  );
  if (volumes.length === 0) return undefined;
  const types = sorted(volumes.map((volume) => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'));
  const what = `${plural('restricted volume type', types.length)} ${quoted(types)}`;
  const names = volumes.map(nameOf);
  return {
    reason: 'restricted volume types',
    detail: `${plural('volume', names.length)} ${quoted(names)} ${use(names.length)} ${what}`,
  };
};

export const runAsNonRoot: Check = (pod) => {
  const own = contextOf(pod.spec)['runAsNonRoot'];
  const setters = settersOf(
    own === false,
    bad(pod, (container) => contextOf(container)['runAsNonRoot'] === false),
  );
  const reason = 'runAsNonRoot != true';
  if (setters.length > 0) {
    return { reason, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  }
  const open = own === true ? [] : bad(pod, (container) => contextOf(container)['runAsNonRoot'] === undefined);
  if (open.length === 0) return undefined;
  return { reason, detail: `pod or ${namedContainers(open)} must set securityContext.runAsNonRoot=true` };
};

export const runAsUser: Check = (pod) => {
  const isRoot = (owner: ObjectValue): boolean => numberAt(contextOf(owner), 'runAsUser') === 0;
  const setters = settersOf(isRoot(pod.spec), bad(pod, isRoot));
  if (setters.length === 0) return undefined;
  return { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` };
};

/** Types of SELinux options that are allowed; one of them since 1.31. */
export function seLinuxOptions(types: readonly string[]): Check {
  return (pod) => {
    const optionsOf = (owner: ObjectValue): ObjectValue => objectAt(contextOf(owner), 'seLinuxOptions');
    const typeOf = (owner: ObjectValue): string => textAt(optionsOf(owner), 'type');
    const isBad = (owner: ObjectValue): boolean =>
      !types.includes(typeOf(owner)) || ['user', 'role'].some((field) => textAt(optionsOf(owner), field) !== '');
    const setters = settersOf(isBad(pod.spec), bad(pod, isBad));
    if (setters.length === 0) return undefined;
    const owners = [pod.spec, ...containersOf(pod)];
    const given = sorted(owners.map(typeOf).filter((type) => !types.includes(type)));
    const data = [
      ...(given.length > 0 ? [`${plural('type', given.length)} ${quoted(given)}`] : []),
      ...['user', 'role'].flatMap((field) =>
        owners.some((owner) => textAt(optionsOf(owner), field) !== '') ? [`${field} may not be set`] : [],
      ),
    ];
    const detail = `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`;
    return { reason: 'seLinuxOptions', detail };
  };
}

const isSoundType = (type: string): boolean => type === 'Localhost' || type === 'RuntimeDefault';

/** Profiles that are set must be sound; restricted pods must have one. */
export function seccompProfile(isNeeded: boolean): Check {
  return (pod) => {
    const profileOf = (owner: ObjectValue): ObjectValue | undefined => maybeObject(contextOf(owner), 'seccompProfile');
    const isBad = (owner: ObjectValue): boolean => {
      const profile = profileOf(owner);
      return profile !== undefined && !isSoundType(textAt(profile, 'type'));
    };
    const reason = 'seccompProfile';
    const setters = settersOf(isBad(pod.spec), bad(pod, isBad));
    if (setters.length > 0) {
      const owners = [pod.spec, ...containersOf(pod)].filter(isBad);
      const types = sorted(owners.map((owner) => textAt(profileOf(owner), 'type')));
      const detail = `${setters.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(types)}`;
      return { reason, detail };
    }
    if (!isNeeded || profileOf(pod.spec) !== undefined) return undefined;
    const open = bad(pod, (container) => profileOf(container) === undefined);
    if (open.length === 0) return undefined;
    const wanted = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
    return { reason, detail: `pod or ${namedContainers(open)} ${wanted}` };
  };
}

/** Kernel settings but for these are forbidden. */
export function sysctls(allowed: readonly string[]): Check {
  return ({ spec }) => {
    const names = itemsOf(contextOf(spec), 'sysctls')
      .map(nameOf)
      .filter((name) => !allowed.includes(name));
    return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') };
  };
}

export const windowsHostProcess: Check = (pod) => {
  const isHost = (owner: ObjectValue): boolean => objectAt(contextOf(owner), 'windowsOptions')['hostProcess'] === true;
  const setters = settersOf(isHost(pod.spec), bad(pod, isHost));
  if (setters.length === 0) return undefined;
  const detail = `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`;
  return { reason: 'hostProcess', detail };
};

/** Checks that pods of another system, or with users of their own, need not pass. */
export const unlessWindows =
  (check: Check): Check =>
  (pod) =>
    isWindows(pod) ? undefined : check(pod);
export const unlessOwnUsers =
  (check: Check): Check =>
  (pod) =>
    pod.spec['hostUsers'] === false ? undefined : check(pod);
