import type { Container, PodSpec } from '@reeve/api/core/v1';

import { NodeError } from '../node-error.ts';
import { defaultCapabilities } from './user.ts';
import type { ContainerUser } from './user.ts';

/** What images use that promise not to run as root; ours do not say who they run as. */
const nonRoot = 65_532;

const allCapabilities = 'all';

/** Who the container runs as, from its own and the pod's security context. `mapped`: see `ContainerUser`. */
export function containerUser(spec: PodSpec, container: Container, mapped: boolean): ContainerUser {
  const own = container.securityContext ?? {};
  const shared = spec.securityContext ?? {};
  const mustNotBeRoot = own.runAsNonRoot ?? shared.runAsNonRoot ?? false;
  const uid = own.runAsUser ?? shared.runAsUser ?? (mustNotBeRoot ? nonRoot : 0);
  if (mustNotBeRoot && uid === 0) {
    throw new NodeError('InvalidPod', "container's runAsUser breaks non-root policy");
  }
  return {
    uid,
    gid: own.runAsGroup ?? shared.runAsGroup ?? (uid === 0 ? 0 : uid),
    capabilities: capabilitiesOf(container),
    noNewPrivileges: own.allowPrivilegeEscalation === false,
    mapped,
  };
}

function capabilitiesOf({ securityContext = {} }: Container): readonly string[] {
  if (securityContext.privileged === true) return [allCapabilities];
  const add = (securityContext.capabilities?.add ?? []).map(capabilityName);
  const drop = (securityContext.capabilities?.drop ?? []).map(capabilityName);
  if (add.includes(allCapabilities)) return [allCapabilities];
  const kept = drop.includes(allCapabilities) ? [] : defaultCapabilities.filter((name) => !drop.includes(name));
  return [...new Set([...kept, ...add])];
}

function capabilityName(name: string): string {
  return name.toLowerCase().replace(/^cap_/, '');
}
