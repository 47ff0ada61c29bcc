import type { Pod } from '@reeve/api/core/v1';
import type { ClusterView, NodeView } from './cluster-view.ts';
import { matchesNodeAffinity, matchesNodeSelector } from './node-affinity.ts';
import { meetsAffinity, meetsAntiAffinity, meetsOthersAntiAffinity } from './pod-affinity.ts';
import { podRequests } from './pod-resources.ts';
import { tolerates, untolerated } from './taint.ts';
import { spreadVerdict } from './topology-spread.ts';

/** Why a pod cannot go to a node. `removable`: taking other pods away could help. */
export interface Obstacle {
  readonly reason: string;
  readonly removable: boolean;
}

type Filter = (pod: Pod, at: NodeView, view: ClusterView) => readonly Obstacle[];

const fixed = (reason: string): Obstacle => ({ reason, removable: false });
const removable = (reason: string): Obstacle => ({ reason, removable: true });
const unless = (holds: boolean, obstacle: Obstacle): readonly Obstacle[] => (holds ? [] : [obstacle]);

const CORDON = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

/** In the order of the default scheduler's plugins: the first filter that objects gives the node's reasons. */
const FILTERS: readonly Filter[] = [
  (pod, { node }) =>
    unless(
      !node.spec?.unschedulable || (pod.spec?.tolerations ?? []).some((toleration) => tolerates(toleration, CORDON)),
      fixed('node(s) were unschedulable'),
    ),
  (pod, { node }) =>
    unless(untolerated(pod, node, ['NoSchedule', 'NoExecute']).length === 0, fixed('node(s) had untolerated taint(s)')),
  (pod, { node }) => unless(matchesNodeAffinity(pod, node), fixed("node(s) didn't match Pod's node affinity/selector")),
  (pod, at) =>
    unless(!hasPortConflict(pod, at), removable("node(s) didn't have free ports for the requested pod ports")),
  resourceObstacles,
  (pod, at, view) => unless(reachesVolumes(pod, at, view), fixed('node(s) had volume node affinity conflict')),
  (pod, at, view) => {
    const verdict = spreadVerdict(pod, at, view);
    if (verdict === 'ok') return [];
    const reason = "node(s) didn't match pod topology spread constraints";
    return verdict === 'skewed' ? [removable(reason)] : [fixed(`${reason} (missing required label)`)];
  },
  (pod, at, view) => unless(meetsAffinity(pod, at, view), fixed("node(s) didn't match pod affinity rules")),
  (pod, at, view) =>
    unless(meetsAntiAffinity(pod, at, view), removable("node(s) didn't match pod anti-affinity rules")),
  (pod, at, view) =>
    unless(
      meetsOthersAntiAffinity(pod, at, view),
      removable("node(s) didn't satisfy existing pods anti-affinity rules"),
    ),
];

/** Everything the first objecting filter says against the node; empty when the pod fits. */
export function obstaclesAt(pod: Pod, at: NodeView, view: ClusterView): readonly Obstacle[] {
  for (const filter of FILTERS) {
    const found = filter(pod, at, view);
    if (found.length > 0) return found;
  }
  return [];
}

function resourceObstacles(pod: Pod, { pods, requested, allocatable }: NodeView): readonly Obstacle[] {
  const found: Obstacle[] = [];
  if (pods.length + 1 > (allocatable.get('pods') ?? 0)) found.push(removable('Too many pods'));
  for (const [name, amount] of podRequests(pod)) {
    const room = allocatable.get(name) ?? 0;
    if (amount === 0 || amount + (requested.get(name) ?? 0) <= room) continue;
    found.push({ reason: `Insufficient ${name}`, removable: amount <= room });
  }
  return found;
}

function hostPorts(pod: Pod): readonly { readonly ip: string; readonly protocol: string; readonly port: number }[] {
  return (pod.spec?.containers ?? [])
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort ? [{ ip: hostIP || '0.0.0.0', protocol: protocol ?? 'TCP', port: hostPort }] : [],
    );
}

function hasPortConflict(pod: Pod, { pods }: NodeView): boolean {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return false;
  const taken = pods.flatMap(hostPorts);
  return wanted.some((a) =>
    taken.some(
      (b) =>
        a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0'),
    ),
  );
}

/** The node is one that each bound volume of the pod can be used on. */
function reachesVolumes(pod: Pod, { node }: NodeView, view: ClusterView): boolean {
  return (pod.spec?.volumes ?? []).every(({ persistentVolumeClaim }) => {
    if (!persistentVolumeClaim) return true;
    const claim = view.claim(pod.metadata?.namespace ?? '', persistentVolumeClaim.claimName);
    const required = view.volume(claim?.spec?.volumeName ?? '')?.spec?.nodeAffinity?.required;
    return required === undefined || matchesNodeSelector(required, node);
  });
}
