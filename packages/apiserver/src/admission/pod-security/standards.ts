import {
  allowPrivilegeEscalation,
  appArmorProfile,
  capabilitiesBaseline,
  capabilitiesRestricted,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfile,
  seLinuxOptions,
  sysctls,
  unlessOwnUsers,
  unlessWindows,
  windowsHostProcess,
} from './checks.ts';
import type { Check, PodForm, Violation } from './checks.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** A level as of a minor version of Kubernetes. */
export interface LevelVersion {
  readonly level: Level;
  /** Of 1.x; undefined: the latest. */
  readonly minor: number | undefined;
}

interface Rule {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** The check since a minor version, in ascending order. */
  readonly since: readonly (readonly [number, Check])[];
  /** A rule of the baseline that restricted pods need not pass besides this one. */
  readonly overrides?: string;
}

const oldTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const oldSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const sysctls27 = [...oldSysctls, 'net.ipv4.ip_local_reserved_ports'];
const sysctls29 = [
  ...sysctls27,
  ...['time', 'intvl', 'probes'].map((part) => `net.ipv4.tcp_keepalive_${part}`),
  'net.ipv4.tcp_fin_timeout',
];
const sysctls32 = [...sysctls29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

/** The Pod Security Standards, in the order in which violations are told. */
const rules: readonly Rule[] = [
  { id: 'appArmorProfile', level: 'baseline', since: [[0, appArmorProfile]] },
  { id: 'capabilities_baseline', level: 'baseline', since: [[0, capabilitiesBaseline]] },
  { id: 'hostNamespaces', level: 'baseline', since: [[0, hostNamespaces]] },
  { id: 'hostPathVolumes', level: 'baseline', since: [[0, hostPathVolumes]] },
  { id: 'hostPorts', level: 'baseline', since: [[0, hostPorts]] },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', since: [[34, hostProbes]] },
  { id: 'privileged', level: 'baseline', since: [[0, privileged]] },
  {
    id: 'procMount',
    level: 'baseline',
    since: [
      [0, procMount],
      [35, unlessOwnUsers(procMount)],
    ],
  },
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    since: [
      [0, seLinuxOptions(oldTypes)],
      [31, seLinuxOptions([...oldTypes, 'container_engine_t'])],
    ],
  },
  { id: 'seccompProfile_baseline', level: 'baseline', since: [[19, seccompProfile(false)]] },
  {
    id: 'sysctls',
    level: 'baseline',
    since: [
      [0, sysctls(oldSysctls)],
      [27, sysctls(sysctls27)],
      [29, sysctls(sysctls29)],
      [32, sysctls(sysctls32)],
    ],
  },
  { id: 'windowsHostProcess', level: 'baseline', since: [[0, windowsHostProcess]] },
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    since: [
      [8, allowPrivilegeEscalation],
      [25, unlessWindows(allowPrivilegeEscalation)],
    ],
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    since: [
      [22, capabilitiesRestricted],
      [25, unlessWindows(capabilitiesRestricted)],
    ],
    overrides: 'capabilities_baseline',
  },
  { id: 'procMount_restricted', level: 'restricted', since: [[35, procMount]], overrides: 'procMount' },
  { id: 'restrictedVolumes', level: 'restricted', since: [[0, restrictedVolumes]], overrides: 'hostPathVolumes' },
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    since: [
      [0, runAsNonRoot],
      [35, unlessOwnUsers(runAsNonRoot)],
    ],
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    since: [
      [23, runAsUser],
      [35, unlessOwnUsers(runAsUser)],
    ],
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    since: [
      [19, seccompProfile(true)],
      [25, unlessWindows(seccompProfile(true))],
    ],
    overrides: 'seccompProfile_baseline',
  },
];

function checkOf({ since }: Rule, { minor }: LevelVersion): Check | undefined {
  return since.findLast(([first]) => minor === undefined || first <= minor)?.[1];
}

/** What a pod does that its level does not allow. */
export function violationsOf(at: LevelVersion, pod: PodForm): readonly Violation[] {
  if (at.level === 'privileged') return [];
  const isRestricted = at.level === 'restricted';
  const own = rules.filter(({ level }) => isRestricted || level === 'baseline');
  const overridden = new Set(own.flatMap((rule) => (checkOf(rule, at) === undefined ? [] : (rule.overrides ?? []))));
  return own.filter(({ id }) => !overridden.has(id)).flatMap((rule) => checkOf(rule, at)?.(pod) ?? []);
}

/** `restricted:latest`, `baseline:v1.30`. */
export const levelText = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === undefined ? 'latest' : `v1.${minor}`}`;
