import type { Random } from '@reeve/api';
import { itemsOf, numberAt, textsAt } from '../builtin/object-path.ts';
import type { ObjectValue } from '../value.ts';
import { addressAt, addressNumber, reservedBand } from './address-range.ts';
import type { AddressRange } from './address-range.ts';

const firstPort = 30_000;
const lastPort = 32_767;
/** Lower ports are left to those who ask for one (KEP-3668). */
const firstDynamicPort = 30_086;

/** The addresses and node ports that are free now; what it gives away is taken. */
export class ServicePool {
  readonly #range: AddressRange;
  readonly #random: Random;
  readonly #addresses = new Set<string>();
  readonly #ports = new Set<number>();

  readonly #isTrial: boolean;
  #trialPort = lastPort + 1;

  /** `specs` are those of all other services. In a trial (dry run) what is given away is only an example. */
  constructor(range: AddressRange, random: Random, specs: Iterable<ObjectValue>, isTrial: boolean) {
    this.#range = range;
    this.#random = random;
    this.#isTrial = isTrial;
    for (const spec of specs) {
      for (const address of textsAt(spec, 'clusterIPs')) this.#addresses.add(address);
      for (const port of nodePortsOf(spec)) this.#ports.add(port);
    }
  }

  /** Takes an address; tells why it cannot be had. */
  takeAddress(address: string): string | undefined {
    const { base, size } = this.#range;
    const offset = (addressNumber(address) ?? -1) - base;
    if (offset <= 0 || offset >= size - 1) {
      return 'the provided network does not match the current range';
    }
    if (this.#addresses.has(address)) return 'provided IP is already allocated';
    this.#addresses.add(address);
    return undefined;
  }

  nextAddress(): string | undefined {
    if (this.#isTrial) return addressAt(this.#range, 0);
    const { size } = this.#range;
    const band = reservedBand(this.#range);
    const offset = this.#pick(band, size - 2, (at) => !this.#addresses.has(addressAt(this.#range, at)), 1);
    if (offset === undefined) return undefined;
    const address = addressAt(this.#range, offset);
    this.#addresses.add(address);
    return address;
  }

  /** Takes a node port; tells why it cannot be had. */
  takePort(port: number): string | undefined {
    if (port < firstPort || port > lastPort) {
      return `provided port is not in the valid range. The range of valid ports is ${firstPort}-${lastPort}`;
    }
    if (this.#ports.has(port)) return 'provided port is already allocated';
    this.#ports.add(port);
    return undefined;
  }

  nextPort(): number | undefined {
    if (this.#isTrial) {
      this.#trialPort += 1;
      return this.#trialPort;
    }
    const port = this.#pick(firstDynamicPort, lastPort, (at) => !this.#ports.has(at), firstPort);
    if (port !== undefined) this.#ports.add(port);
    return port;
  }

  /** A free place by chance, searched upwards from there; those from `lowest` on when all others are taken. */
  #pick(first: number, last: number, isFree: (at: number) => boolean, lowest: number): number | undefined {
    const count = last - first + 1;
    const start = Math.floor(this.#random() * count);
    for (let step = 0; step < count; step += 1) {
      const at = first + ((start + step) % count);
      if (isFree(at)) return at;
    }
    for (let at = lowest; at < first; at += 1) if (isFree(at)) return at;
    return undefined;
  }
}

/** All node ports of a service. */
export function nodePortsOf(spec: ObjectValue): readonly number[] {
  const ports = itemsOf(spec, 'ports').map((port) => numberAt(port, 'nodePort') ?? 0);
  return [...ports, numberAt(spec, 'healthCheckNodePort') ?? 0].filter((port) => port !== 0);
}
