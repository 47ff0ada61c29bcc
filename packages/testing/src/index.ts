/** Virtual time, faults and helpers that start what a test needs. */
export { seededRandom, virtualClock } from './virtual-clock.ts';
export type { VirtualClock } from './virtual-clock.ts';
export { faultTransport } from './fault-transport.ts';
export type { Fault } from './fault-transport.ts';
export { testServer } from './test-server.ts';
export type { TestServer } from './test-server.ts';
