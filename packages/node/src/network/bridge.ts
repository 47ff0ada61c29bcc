import { runCommand } from '../command.ts';
import { addressAt, nodeRange } from './ipv4.ts';
import type { CIDR } from './ipv4.ts';

const bridge = 'reeve0';
/** Fixed, because a bridge otherwise takes the lowest of its ports', which changes as pods come and go. */
const bridgeMAC = '02:00:00:00:00:01';

/** The sandbox's own network: one bridge for all pods, an address on it for each node, service addresses kept local. */
export async function setUpBridge(podRange: CIDR, serviceCIDR: string, nodeCount: number): Promise<void> {
  const addresses = Array.from({ length: nodeCount }, (_, index) => addressAt(nodeRange(podRange, index), 1));
  const commands = [
    `link add ${bridge} address ${bridgeMAC} type bridge`,
    ...addresses.map((address) => `addr add ${address}/${podRange.prefix} dev ${bridge}`),
    `link set ${bridge} up`,
    // Everything that pods send to a service's address ends here, at the proxy's listeners.
    `route add local ${serviceCIDR} dev lo`,
  ];
  await runCommand('ip', ['-batch', '-'], lines(commands));
}

/** A pod's network namespace, under a name that `ip netns` knows. */
export interface PodNetwork {
  readonly name: string;
  /** For `nsenter --net=`. */
  readonly path: string;
  readonly address: string;
}

/** A network namespace with `eth0` on the bridge. `name` is at most 15 bytes: it also names the link. */
export async function addPodNetwork(
  name: string,
  address: string,
  { podRange, gateway }: { readonly podRange: CIDR; readonly gateway: string },
): Promise<PodNetwork> {
  await runCommand(
    'ip',
    ['-batch', '-'],
    lines([
      `netns add ${name}`,
      `link add ${name} type veth peer name eth0 address ${macOf(address)} netns ${name}`,
      `link set ${name} master ${bridge} up`,
    ]),
  );
  await runCommand(
    'ip',
    ['-n', name, '-batch', '-'],
    lines([
      'link set lo up',
      `addr add ${address}/${podRange.prefix} dev eth0`,
      'link set eth0 up',
      `route add default via ${gateway}`,
    ]),
  );
  return { name, path: `/run/netns/${name}`, address };
}

/** Its processes must be gone: a namespace lives as long as they do. */
export async function removePodNetwork(name: string): Promise<void> {
  await runCommand('ip', ['-batch', '-'], lines([`link del ${name}`, `netns del ${name}`]));
}

// By its address, so that what others remember of an address holds when the next pod gets it.
function macOf(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return ['02', '01', ...bytes].join(':');
}

function lines(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`;
}
