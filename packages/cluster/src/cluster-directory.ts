import { mkdir, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ClusterError } from './cluster-error.ts';

/** What a running cluster leaves for other processes to find. */
export interface ClusterRecord {
  readonly name: string;
  readonly pid: number;
  /** When the process started, in the kernel's ticks since boot (proc(5)): a reused pid has another. */
  readonly startTicks: string;
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  readonly dataDir: string;
}

/** What a cluster keeps in its data folder; a folder of the user's may hold other things beside them. */
const DATA_PARTS = ['api', 'nodes', 'pki', 'volumes', 'node.sock'] as const;

/** The files of one named cluster, in the user's state folder (XDG base directories); `REEVE_HOME` moves it. */
export class ClusterDirectory {
  readonly name: string;
  readonly path: string;

  constructor(name: string, env: Readonly<Record<string, string | undefined>>) {
    if (!/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) {
      throw new ClusterError(
        'BAD_NAME',
        `"${name}" is no cluster name: lower-case letters, digits and dashes, 32 at most.`,
      );
    }
    this.name = name;
    this.path = join(stateHome(env), name);
  }

  get kubeConfig(): string {
    return join(this.path, 'kubeconfig');
  }

  get log(): string {
    return join(this.path, 'cluster.log');
  }

  /** Unix sockets have short paths (108 bytes, unix(7)), so these stay in the state folder wherever the data is. */
  socket(name: 'api' | 'control'): string {
    return join(this.path, `${name}.sock`);
  }

  /** The chosen folder, else the one chosen when the cluster was made, else one beside its other files. */
  async dataDir(chosen?: string): Promise<string> {
    if (chosen !== undefined) return resolve(chosen);
    const remembered = await readFile(join(this.path, 'data-dir'), 'utf8').catch(() => undefined);
    return remembered ?? join(this.path, 'data');
  }

  /** Whether a cluster has kept objects in that data folder before. */
  async hasData(chosen?: string): Promise<boolean> {
    const api = join(await this.dataDir(chosen), 'api');
    return (await stat(api).catch(() => undefined)) !== undefined;
  }

  /** Makes the data folder and remembers where it is; its parts are for nobody else to read. */
  async createData(chosen?: string): Promise<string> {
    const dataDir = await this.dataDir(chosen);
    for (const part of ['nodes', 'volumes']) await mkdir(join(dataDir, part), { recursive: true, mode: 0o700 });
    await writeFile(join(this.path, 'data-dir'), dataDir, { mode: 0o600 });
    return dataDir;
  }

  async create(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
  }

  /** The record of the cluster's process, if that is still alive. */
  async running(): Promise<ClusterRecord | undefined> {
    const record = await this.record();
    if (!record) return undefined;
    return (await startTicksOf(record.pid)) === record.startTicks ? record : undefined;
  }

  /** What the last start left, dead or alive. */
  async record(): Promise<ClusterRecord | undefined> {
    const text = await readFile(join(this.path, 'cluster.json'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as ClusterRecord);
  }

  async publish(record: Omit<ClusterRecord, 'pid' | 'startTicks' | 'name'>, kubeConfig: string): Promise<void> {
    const startTicks = (await startTicksOf(process.pid)) ?? '';
    await writeFile(this.kubeConfig, kubeConfig, { mode: 0o600 });
    const whole: ClusterRecord = { name: this.name, pid: process.pid, startTicks, ...record };
    await writeFile(join(this.path, 'cluster.json.part'), JSON.stringify(whole, null, 2), { mode: 0o600 });
    await rename(join(this.path, 'cluster.json.part'), join(this.path, 'cluster.json'));
  }

  /** Forgets the process; the data stays. */
  async retract(): Promise<void> {
    for (const file of ['cluster.json', 'api.sock', 'control.sock']) await rm(join(this.path, file), { force: true });
  }

  /** Deletes all that the cluster has kept, and nothing else in a data folder that the user chose. */
  async purge(): Promise<void> {
    const dataDir = await this.dataDir();
    for (const part of DATA_PARTS) await rm(join(dataDir, part), { recursive: true, force: true });
    await rmdir(dataDir).catch(() => undefined); // it stays when it holds something else
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Names of all clusters that this user has or had. */
export async function clusterNames(env: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const entries = await readdir(stateHome(env), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function stateHome(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_STATE_HOME'] ?? join(env['HOME'] ?? '/tmp', '.local', 'state');
  return env['REEVE_HOME'] ?? join(base, 'reeve');
}

/** Field 22 of /proc/PID/stat, counted after the command in parentheses. */
async function startTicksOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
