/** A lean Kubernetes client: config and auth, transport, list, watch, apply, errors. */
export { systemClock, systemRandom } from './system-clock.ts';
