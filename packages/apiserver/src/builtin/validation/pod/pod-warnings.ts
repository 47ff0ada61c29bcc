import { parseQuantity } from '@reeve/api';
import { isObject, metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { deprecatedNodeLabel } from '../../node-labels.ts';
import { overlapWarnings } from './volume-warnings.ts';
import { addressWarnings } from '../addresses.ts';
import { itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';

const oldAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const seccompAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const replacedBySeccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';

const oldVolumes: readonly (readonly [string, string])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** What to warn of in a pod's spec, of a pod itself or of a template, whose metadata is beside it. */
export function podWarnings(path: string, spec: ObjectValue, metadata: ObjectValue): readonly string[] {
  const metadataPath = path.replace(/spec$/, 'metadata');
  return [
    ...labelWarnings(path, spec),
    ...spreadWarnings(path, spec),
    ...annotationWarnings(`${metadataPath}.annotations`, spec, metadata),
    ...itemsOf(spec, 'volumes').flatMap((volume, index) => volumeWarnings(`${path}.volumes[${index}]`, volume)),
    ...itemsOf(spec, 'volumes').flatMap(overlapWarnings),
    ...listWarnings(path, spec),
    ...fractionWarnings(`${path}.overhead`, mapAt(spec, 'overhead')),
    ...containersOf(path, spec).flatMap(([at, container]) => containerWarnings(at, container)),
    ...portWarnings(path, spec),
    ...affinityWarnings(path, spec),
    ...resolverWarnings(path, spec),
  ];
}

/** Whoever writes a template hears of it at the template's path. */
export function templateWarnings(path: string, template: ObjectValue): readonly string[] {
  return podWarnings(`${path}.spec`, objectAt(template, 'spec'), metadataOf(template));
}

function resolverWarnings(path: string, spec: ObjectValue): readonly string[] {
  const servers = textsAt(objectAt(spec, 'dnsConfig'), 'nameservers');
  return [
    ...servers.flatMap((server, index) => addressWarnings(`${path}.dnsConfig.nameservers[${index}]`, server)),
    ...itemsOf(spec, 'hostAliases').flatMap((alias, index) =>
      addressWarnings(`${path}.hostAliases[${index}].ip`, textAt(alias, 'ip')),
    ),
  ];
}

type Located = readonly [string, ObjectValue];

function containersOf(path: string, spec: ObjectValue): readonly Located[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    itemsOf(spec, list).map((container, index): Located => [`${path}.${list}[${index}]`, container]),
  );
}

function labelWarnings(path: string, spec: ObjectValue): readonly string[] {
  const selector = Object.keys(mapAt(spec, 'nodeSelector')).flatMap((label) => {
    const text = deprecatedNodeLabel(label);
    return text === undefined ? [] : [`${path}.nodeSelector[${label}]: ${text}`];
  });
  const node = objectAt(objectAt(spec, 'affinity'), 'nodeAffinity');
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const at = `${path}.affinity.nodeAffinity`;
  const terms = [
    ...itemsOf(objectAt(node, required), 'nodeSelectorTerms').map((term, index): Located => [
      `${at}.${required}.nodeSelectorTerms[${index}]`,
      term,
    ]),
    ...itemsOf(node, preferred).map((term, index): Located => [
      `${at}.${preferred}[${index}].preference`,
      objectAt(term, 'preference'),
    ]),
  ];
  return [...selector, ...terms.flatMap(([termPath, term]) => termWarnings(termPath, term))];
}

/** Also of the node selector of a volume. */
export function termWarnings(path: string, term: ObjectValue): readonly string[] {
  return itemsOf(term, 'matchExpressions').flatMap((expression, index) => {
    const key = textAt(expression, 'key');
    const text = deprecatedNodeLabel(key);
    return text === undefined ? [] : [`${path}.matchExpressions[${index}].key: ${key} is ${text}`];
  });
}

const nullSelector = 'a null labelSelector results in matching no pod';

function spreadWarnings(path: string, spec: ObjectValue): readonly string[] {
  return itemsOf(spec, 'topologySpreadConstraints').flatMap((constraint, index) => {
    const at = `${path}.topologySpreadConstraints[${index}]`;
    const key = textAt(constraint, 'topologyKey');
    const text = deprecatedNodeLabel(key);
    return [
      ...(text === undefined ? [] : [`${at}.topologyKey: ${key} is ${text}`]),
      ...(isObject(constraint['labelSelector']) ? [] : [`${at}.labelSelector: ${nullSelector}`]),
    ];
  });
}

function annotationWarnings(path: string, spec: ObjectValue, metadata: ObjectValue): readonly string[] {
  const given = mapAt(metadata, 'annotations');
  const old = Object.entries(oldAnnotations).filter(([key]) => key in given);
  const hasPodProfile = isObject(objectAt(spec, 'securityContext')['seccompProfile']);
  const seccomp =
    !hasPodProfile && seccompAnnotation in given ? [`${path}[${seccompAnnotation}]: ${replacedBySeccomp}`] : [];
  const containers = containersOf('', spec).flatMap(([, container]) => {
    const context = objectAt(container, 'securityContext');
    const name = textAt(container, 'name');
    const hasOld = !isObject(context['seccompProfile']) && `${seccompPrefix}${name}` in given;
    const isTemplate = path.includes('template');
    const hasProfile = isTemplate && !isObject(context['appArmorProfile']) && `${appArmorPrefix}${name}` in given;
    return [
      ...(hasOld ? [`${path}[${seccompPrefix}${name}]: ${replacedBySeccomp}`] : []),
      ...(hasProfile
        ? [`${path}[${appArmorPrefix}${name}]: deprecated since v1.30; use the "appArmorProfile" field instead`]
        : []),
    ];
  });
  return [...old.map(([key, text]) => `${path}[${key}]: ${text}`), ...seccomp, ...containers];
}

function volumeWarnings(path: string, volume: ObjectValue): readonly string[] {
  const old = oldVolumes.filter(([source]) => isObject(volume[source]));
  const template = maybeObject(objectAt(volume, 'ephemeral'), 'volumeClaimTemplate');
  const claim = template === undefined ? [] : claimWarnings(`${path}.ephemeral.volumeClaimTemplate.spec`, template);
  return [
    ...old.map(([source, text]) => `${path}.${source === 'storageos' ? 'storageOS' : source}: ${text}`),
    ...claim,
  ];
}

/** Bytes cannot be divided, though quantities can. */
export function claimWarnings(path: string, claim: ObjectValue): readonly string[] {
  const storage = mapAt(objectAt(objectAt(claim, 'spec'), 'resources'), 'requests')['storage'];
  return storage === undefined ? [] : fractionWarning(`${path}.resources.requests[storage]`, storage);
}

function fractionWarning(path: string, amount: string): readonly string[] {
  if (parseQuantity(amount).nano % 1_000_000_000n === 0n) return [];
  return [`${path}: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
}

function fractionWarnings(path: string, amounts: Readonly<Record<string, string>>): readonly string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) => {
    const amount = amounts[name];
    return amount === undefined ? [] : fractionWarning(`${path}[${name}]`, amount);
  });
}

function listWarnings(path: string, spec: ObjectValue): readonly string[] {
  const secrets = itemsOf(spec, 'imagePullSecrets').map((secret) => textAt(secret, 'name'));
  const addresses = itemsOf(spec, 'hostAliases').map((alias) => textAt(alias, 'ip'));
  const repeated = (list: readonly string[], at: string, what: string): readonly string[] =>
    list.flatMap((item, index) =>
      list.indexOf(item) === index
        ? []
        : [`${path}.${at.replace('*', String(index))}: duplicate ${what} ${JSON.stringify(item)}`],
    );
  const empty = secrets.flatMap((name, index) =>
    name === '' ? [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
  );
  return [
    ...repeated(addresses, 'hostAliases[*].ip', 'ip'),
    ...repeated(secrets, 'imagePullSecrets[*].name', 'name'),
    ...empty,
  ];
}

function containerWarnings(path: string, container: ObjectValue): readonly string[] {
  const resources = objectAt(container, 'resources');
  const parts = ['memory', 'ephemeral-storage'].flatMap((name) =>
    ['limits', 'requests'].flatMap((part) => {
      const amount = mapAt(resources, part)[name];
      return amount === undefined ? [] : fractionWarning(`${path}.resources.${part}[${name}]`, amount);
    }),
  );
  const seen = new Set<string>();
  const hidden = itemsOf(container, 'env').flatMap((variable, index) => {
    const name = textAt(variable, 'name');
    const isRepeated = seen.has(name);
    seen.add(name);
    const value = textAt(variable, 'value');
    const reference = `$(${name})`;
    const extends_ = !isObject(variable['valueFrom']) && value !== reference && value.includes(reference);
    if (!isRepeated || extends_) return [];
    const text = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
    return [`${path}.env[${index}]: ${text}`];
  });
  return [...parts, ...hidden];
}

/** Shown as Go prints the internal struct. */
function unboundHost(path: string, port: ObjectValue): readonly string[] {
  const host = textAt(port, 'hostIP');
  if (host === '' || port['hostPort'] !== undefined) return [];
  const shown = `Name:${textAt(port, 'name')} HostPort:0 ContainerPort:${String(port['containerPort'])} Protocol:${textAt(port, 'protocol')} HostIP:${host}`;
  return [`${path}: hostIP set without hostPort: {${shown}}`];
}

function portWarnings(path: string, spec: ObjectValue): readonly string[] {
  const ports = containersOf(path, spec).flatMap(([at, container]) =>
    itemsOf(container, 'ports').map((port, index): Located => [`${at}.ports[${index}]`, port]),
  );
  const unbound = ports.flatMap(([at, port]) => unboundHost(at, port));
  const clashes = ports.flatMap(([at, port], index) =>
    ports.slice(0, index).flatMap(([otherAt, other]) => {
      const text = portClash(port, other);
      return text === undefined ? [] : [`${at}: ${text} with ${otherAt}`];
    }),
  );
  const named = ports.flatMap(([at, port], index) => {
    const name = textAt(port, 'name');
    const first = name === '' ? undefined : ports.slice(0, index).find(([, other]) => textAt(other, 'name') === name);
    if (first === undefined) return [];
    const [firstAt] = first;
    const text = `services and probes that select ports by name will use ${firstAt}`;
    return [`${at}: duplicate port name ${JSON.stringify(name)} with ${firstAt}, ${text}`];
  });
  return [...unbound, ...clashes, ...named];
}

function portClash(port: ObjectValue, other: ObjectValue): string | undefined {
  const isSame = (field: string): boolean => (port[field] ?? '') === (other[field] ?? '');
  if (!isSame('containerPort') || !isSame('protocol')) return undefined;
  const [host, otherHost] = [port, other].map((item) => numberAt(item, 'hostPort') ?? 0);
  if (isSame('hostIP') && host === otherHost) return 'duplicate port definition';
  if (host === 0 || otherHost === 0) return 'overlapping port definition';
  const isOpen = textAt(port, 'hostIP') === '' || textAt(other, 'hostIP') === '';
  return host === otherHost && isOpen ? 'dangerously ambiguous port definition' : undefined;
}

function affinityWarnings(path: string, spec: ObjectValue): readonly string[] {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  return ['podAffinity', 'podAntiAffinity'].flatMap((side) => {
    const terms = objectAt(objectAt(spec, 'affinity'), side);
    const located = [
      ...itemsOf(terms, required).map((term, index): Located => [`${required}[${index}]`, term]),
      ...itemsOf(terms, preferred).map((term, index): Located => [
        `${preferred}[${index}].podAffinityTerm`,
        objectAt(term, 'podAffinityTerm'),
      ]),
    ];
    return located.flatMap(([at, term]) =>
      isObject(term['labelSelector']) ? [] : [`${path}.affinity.${side}.${at}.labelSelector: ${nullSelector}`],
    );
  });
}
