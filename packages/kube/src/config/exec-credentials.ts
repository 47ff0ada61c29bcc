import { spawn } from 'node:child_process';
import type { Clock } from '@reeve/api';
import type { Credential, CredentialProvider } from '../connection.ts';
import { KubeError } from '../kube-error.ts';

/** `users[].user.exec` of a kubeconfig: a program that prints credentials (KEP-541). */
export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: 'Never' | 'IfAvailable' | 'Always';
}

export interface ExecOptions {
  readonly config: ExecConfig;
  /** The program's working directory: where the kubeconfig lies. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Handed to the program when it asks for it. */
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
}

interface ExecCredential {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

/** A credential is renewed this long before it expires, so that none expires on its way. */
const slackMs = 30_000;

function environment({ config, env, cluster }: ExecOptions): NodeJS.ProcessEnv {
  const interactive = config.interactiveMode === 'Always' || config.interactiveMode === 'IfAvailable';
  const info = {
    apiVersion: config.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive, ...(config.provideClusterInfo === true ? { cluster } : {}) },
  };
  const extra = (config.env ?? []).map(({ name, value }): [string, string] => [name, value]);
  return { ...env, ...Object.fromEntries(extra), KUBERNETES_EXEC_INFO: JSON.stringify(info) };
}

function failure(config: ExecConfig, why: string, cause?: unknown): KubeError {
  const hint = config.installHint === undefined ? '' : `\n${config.installHint.trim()}`;
  return new KubeError('CredentialsFailed', `the credential plugin ${config.command} ${why}${hint}`, { cause });
}

function run(options: ExecOptions): Promise<string> {
  const { config, directory } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(config.command, [...(config.args ?? [])], {
      cwd: directory,
      env: environment(options),
      stdio: [config.interactiveMode === 'Never' ? 'ignore' : 'inherit', 'pipe', 'inherit'],
    });
    const printed: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
    child.once('error', (cause) => reject(failure(config, `could not be started: ${cause.message}`, cause)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(printed).toString());
      else reject(failure(config, `ended with ${code === null ? String(signal) : `exit code ${code}`}`));
    });
  });
}

/** The credential in what the program printed, and when it expires. */
function parseExecCredential(config: ExecConfig, text: string): { credential: Credential; expires: number } {
  let parsed: ExecCredential;
  try {
    parsed = JSON.parse(text) as ExecCredential;
  } catch (cause) {
    throw failure(config, 'printed something that is not an ExecCredential in JSON', cause);
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = parsed.status ?? {};
  if (parsed.kind !== 'ExecCredential' || (token === undefined && (cert === undefined || key === undefined))) {
    throw failure(config, 'printed an ExecCredential with neither a token nor a certificate and key');
  }
  const credential = {
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
  return {
    credential,
    expires: expirationTimestamp === undefined ? Number.POSITIVE_INFINITY : Date.parse(expirationTimestamp),
  };
}

/** Credentials from a program: run when needed, once for any number of waiting requests. */
export function execCredentials(options: ExecOptions): CredentialProvider {
  let held: { readonly credential: Credential; readonly expires: number } | undefined;
  let running: Promise<Credential> | undefined;
  const refresh = async (): Promise<Credential> => {
    try {
      held = parseExecCredential(options.config, await run(options));
      return held.credential;
    } finally {
      running = undefined;
    }
  };
  return {
    current() {
      if (held !== undefined && options.clock.now() < held.expires - slackMs) return Promise.resolve(held.credential);
      running ??= refresh();
      return running;
    },
    renew() {
      held = undefined;
    },
  };
}
