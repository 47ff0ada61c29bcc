import type { Container } from '@reeve/api/core/v1';
import { ports } from '../names.ts';

type Probes = Required<Pick<Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'>>;

/**
 * Liveness and startup ask only whether the process listens to its peers: a member without a quorum must not be
 * killed for it. Readiness asks for a linearizable read. The same for every version: 3.4.23 knows no /livez.
 */
export const probes: Probes = {
  startupProbe: { tcpSocket: { port: ports.peer }, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 600 },
  livenessProbe: { tcpSocket: { port: ports.peer }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  readinessProbe: {
    httpGet: { path: '/health', port: ports.metrics },
    periodSeconds: 1,
    timeoutSeconds: 5,
    failureThreshold: 3,
  },
};
