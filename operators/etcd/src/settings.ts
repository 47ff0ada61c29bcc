import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { defaultPolicy, type Policy } from './decide/view.ts';
import { EtcdOperatorError } from './operator-error.ts';

/** How this operator runs. */
export interface Settings {
  readonly policy: Policy;
  readonly clusterDomain: string;
  /** Where the operator's Lease lives. */
  readonly namespace: string;
  readonly leaderElection: boolean;
  /** Who holds the Lease: the pod, so that a restarted container need not wait for its own lease to expire. */
  readonly identity: string | undefined;
  readonly metricsPort: number;
  readonly healthPort: number;
}

const flags = {
  'replace-after': { type: 'string' },
  'cluster-domain': { type: 'string' },
  namespace: { type: 'string' },
  'no-leader-election': { type: 'boolean' },
  'metrics-port': { type: 'string' },
  'health-port': { type: 'string' },
} as const;

/** Reads the command line; what it leaves open comes from the pod's own files. */
export async function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Settings> {
  const { values } = parseFlags(args);
  const replaceAfter = values['replace-after'];
  return {
    policy: replaceAfter === undefined ? defaultPolicy : { ...defaultPolicy, replaceAfterMs: durationMs(replaceAfter) },
    clusterDomain: values['cluster-domain'] ?? (await domainOf('/etc/resolv.conf')),
    namespace:
      values.namespace ?? (await textOf('/var/run/secrets/kubernetes.io/serviceaccount/namespace')) ?? 'default',
    leaderElection: values['no-leader-election'] !== true,
    identity: env['POD_UID'] ?? env['POD_NAME'],
    metricsPort: portOf(values['metrics-port'], 8080),
    healthPort: portOf(values['health-port'], 8081),
  };
}

/** `90s`, `5m`, `1h` in milliseconds. */
export function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  const factor = { s: 1000, m: 60_000, h: 3_600_000 }[unit ?? ''];
  if (factor === undefined)
    throw new EtcdOperatorError('Settings', `${text} is no duration: write it as 90s, 5m or 1h`);
  return Number(amount) * factor;
}

/** The cluster's DNS domain, as the search list of a pod's resolv.conf has it. */
export function clusterDomainIn(resolvConf: string): string {
  return /^search\b.*\ssvc\.(\S+)/m.exec(resolvConf)?.[1] ?? 'cluster.local';
}

function parseFlags(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof flags }>> {
  try {
    return parseArgs({ args: [...args], options: flags });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new EtcdOperatorError(
      'Settings',
      `${message}. Flags: ${Object.keys(flags)
        .map((flag) => `--${flag}`)
        .join(' ')}`,
      { cause: error },
    );
  }
}

function portOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new EtcdOperatorError('Settings', `${text} is no port`);
  return port;
}

async function domainOf(file: string): Promise<string> {
  return clusterDomainIn((await textOf(file)) ?? '');
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
