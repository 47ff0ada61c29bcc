import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { createApiServer, listen, makeCertificates } from '@reeve/apiserver';
import type { NodeConnector } from '@reeve/api';
import { Pod } from '@reeve/api/core/v1';
import type { PodSpec } from '@reeve/api/core/v1';
import { createClient, httpTransport, systemClock, systemRandom } from '@reeve/kube';
import type { Client, Stored } from '@reeve/kube';

import { startNodeHost } from '../host/node-host.ts';
import type { NodeHost } from '../host/node-host.ts';
import type { ImageStore } from '../images/image.ts';
import { NodeError } from '../node-error.ts';

const token = 'admin';

/** An API server and a node host with two nodes, for tests that run real pods. */
export interface PodCluster {
  readonly client: Client;
  readonly host: NodeHost;
  readonly dataDir: string;
  readonly log: readonly string[];
  /** Creates a pod on a node and returns at once. */
  run(name: string, node: string, spec: PodSpec): Promise<void>;
  /** Waits until the pod looks as wanted; throws with its last state when it does not within the time. */
  until(name: string, wanted: (pod: Stored<Pod>) => boolean, timeoutMs?: number): Promise<Stored<Pod>>;
  stop(): Promise<void>;
}

/** The image `host`: the machine's own programs and this Node. */
const hostImages: ImageStore = {
  pull: (reference) =>
    reference === 'host'
      ? Promise.resolve({
          reference,
          id: 'host://',
          layers: [],
          binds: [[dirname(process.execPath), '/opt/node']],
          entrypoint: [],
          cmd: ['sh'],
          env: { PATH: '/opt/node:/usr/sbin:/usr/bin:/sbin:/bin' },
          workingDir: '/',
        })
      : Promise.reject(new NodeError('NotFound', `no image ${reference}; add it with: reeve images add ${reference}`)),
};

/** Starts everything in a directory of its own. */
export async function startPodCluster(): Promise<PodCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'reeve-node-'));
  const late: { host?: NodeHost } = {};
  const connector = (): NodeConnector => {
    if (late.host === undefined) throw new NodeError('HostStopped', 'the nodes are still starting');
    return late.host.connector;
  };
  const api = await createApiServer({
    clock: systemClock,
    random: systemRandom,
    tokens: [{ token, user: 'admin', uid: '1', groups: ['system:masters'] }],
    admission: { serviceAccount: false },
    authorization: 'RBAC',
    nodeConnector: {
      logs: (...call) => connector().logs(...call),
      exec: (...call) => connector().exec(...call),
      attach: (...call) => connector().attach(...call),
      portForward: (...call) => connector().portForward(...call),
    },
  });
  const { ca, cert, key } = await makeCertificates(systemClock, ['127.0.0.1', 'kubernetes.default.svc', '10.96.0.1']);
  const apiSocket = join(dataDir, 'api.sock');
  const fronts = [
    await listen(api, { host: '127.0.0.1', port: 0, cert, key }),
    await listen(api, { socketPath: apiSocket, cert, key }),
  ];
  const client = createClient(httpTransport({ server: fronts[0]?.address ?? '', ca, token }));
  const log: string[] = [];
  const host = await startNodeHost({
    dataDir,
    apiSocket,
    credentials: { token, ca },
    nodes: ['node-a', 'node-b'].map((name) => ({ name, cpu: '2', memory: '2Gi' })),
    images: hostImages,
    clock: systemClock,
    log: ({ message }) => log.push(message),
  });
  late.host = host;
  const pods = client.of(Pod).in('default');
  return {
    client,
    host,
    dataDir,
    log,
    async run(name, node, spec) {
      await pods.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { nodeName: node, ...spec } });
    },
    async until(name, wanted, timeoutMs = 10_000) {
      const deadline = systemClock.now() + timeoutMs;
      for (;;) {
        const pod = await pods.get(name);
        if (wanted(pod)) return pod;
        if (systemClock.now() > deadline) {
          throw new NodeError('NotFound', `${name} is ${JSON.stringify(pod.status)}; the log: ${log.join('\n')}`);
        }
        await new Promise<void>((resolve) => void systemClock.schedule(50, resolve));
      }
    },
    async stop() {
      await host.stop();
      await client.close();
      for (const front of fronts) await front.close();
      await api.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
