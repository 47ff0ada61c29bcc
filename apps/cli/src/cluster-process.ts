import { createWriteStream } from 'node:fs';
import {
  askControl,
  ClusterDirectory,
  ClusterError,
  kubeConfigOf,
  serveControl,
  startLocalCluster,
} from '@reeve/cluster';
import type { LocalCluster } from '@reeve/cluster';
import { createClient, httpTransport } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import type { Log } from '@reeve/operator';
import { clock, imageOptions, random } from './environment.ts';

/** Flags of `reeve up`. */
export interface ClusterFlags {
  readonly name: string;
  readonly nodes: number;
  readonly data?: string;
  readonly port?: number;
}

/** A cluster that this process runs and that others can find by its name. */
export interface PublishedCluster extends LocalCluster {
  readonly kubeConfig: string;
  /** An administrator's client, over HTTPS as any other user's. */
  readonly admin: Client;
  /** Resolves once another process has asked the cluster to stop. */
  readonly stopAsked: Promise<void>;
}

/** Starts a cluster in this process, writes its kubeconfig and opens its control socket. */
export async function startPublishedCluster(flags: ClusterFlags): Promise<PublishedCluster> {
  const directory = new ClusterDirectory(flags.name, process.env);
  const running = await directory.running();
  if (running) {
    throw new ClusterError(
      'ALREADY_RUNNING',
      `Cluster "${flags.name}" is already running (process ${running.pid}). "reeve down --name ${flags.name}" stops it.`,
    );
  }
  await directory.create();
  await directory.retract();
  const isNew = !(await directory.hasData(flags.data));
  const dataDir = await directory.createData(flags.data);
  const cluster = await startLocalCluster({
    clock,
    random,
    dataDir,
    apiSocket: directory.socket('api'),
    nodes: flags.nodes,
    images: imageOptions(),
    log: fileLog(directory.log),
    ...(flags.port === undefined ? {} : { port: flags.port }),
  }).catch(async (error: unknown) => {
    if (isNew) await directory.purge(); // nothing half-started stays behind
    throw error;
  });
  const asked = Promise.withResolvers<void>();
  const control = await serveControl(directory.socket('control'), {
    stop: () => Promise.resolve(asked.resolve()),
    stopNode: (name) => cluster.stopNode(name),
    startNode: (name) => cluster.startNode(name),
  });
  await directory.publish(
    { server: cluster.server, dataDir },
    kubeConfigOf({ name: flags.name, server: cluster.server, ca: cluster.ca, token: cluster.adminToken }),
  );
  const { server, ca, adminToken: token } = cluster;
  const admin = createClient(httpTransport({ server, ca, token }), { clock, random });
  return {
    ...cluster,
    kubeConfig: directory.kubeConfig,
    admin,
    stopAsked: asked.promise,
    async stop() {
      control.close();
      await admin.close();
      await cluster.stop();
      await directory.retract();
    },
  };
}

/** Stops the named cluster wherever it runs; false when it was not running. */
export async function stopCluster(name: string): Promise<boolean> {
  const directory = new ClusterDirectory(name, process.env);
  const record = await directory.running();
  if (!record) {
    await directory.retract();
    return false;
  }
  await askControl(directory.socket('control'), '/stop').catch(() => process.kill(record.pid, 'SIGKILL'));
  while (await directory.running()) await new Promise<void>((resolve) => clock.schedule(50, resolve));
  await directory.retract();
  return true;
}

/** JSON lines in a file: the terminal is for what a person should read. */
export function fileLog(file: string): Log {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  const at = (fields: object): Log => {
    const write = (level: string) => (message: string, more?: object) => {
      stream.write(
        `${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields, ...more })}\n`,
      );
    };
    return {
      debug: () => undefined,
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      with: (more) => at({ ...fields, ...more }),
    };
  };
  return at({});
}
