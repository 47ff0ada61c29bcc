import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiServer, listen, loadCertificates, parseTokenFile } from '@reeve/apiserver';
import { systemClock, systemRandom } from '@reeve/kube';
import { CliError } from './cli-error.ts';

/** Flags of `reeve apiserver`. */
export interface ApiServerFlags {
  /** 0: any free port. */
  readonly port: number;
  readonly dataDir?: string;
  /** A file in kube-apiserver's format: `token,user,uid,"group1,group2"`. */
  readonly tokenAuthFile?: string;
  /** Seconds between compactions; for tests of clients that must survive them. */
  readonly compactionSeconds?: number;
  readonly print?: (line: string) => void;
}

/** A server that runs until `stop`. */
export interface RunningApiServer {
  readonly address: string;
  /** Path of the CA certificate that clients must trust. */
  readonly caFile: string;
  stop(): Promise<void>;
}

const loopback = '127.0.0.1';
const names = [loopback, '::1', 'localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', '10.96.0.1'];

/** Runs the API server alone, on the loopback address, and prints where it is. */
export async function runApiServer(flags: ApiServerFlags): Promise<RunningApiServer> {
  const { dataDir, tokenAuthFile, port, print = () => {} } = flags;
  const tokens = tokenAuthFile === undefined ? [] : parseTokenFile(readTokenFile(tokenAuthFile));
  const pki = dataDir === undefined ? undefined : join(dataDir, 'pki');
  const certificates = await loadCertificates(systemClock, names, pki);
  const server = await createApiServer({
    clock: systemClock,
    random: systemRandom,
    tokens,
    admission: { serviceAccount: false },
    authorization: 'RBAC',
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(flags.compactionSeconds === undefined ? {} : { compactionInterval: flags.compactionSeconds * 1000 }),
    log: print,
  });
  const { ca, cert, key } = certificates;
  const front = await listen(server, { host: loopback, port, cert, key, clientCA: ca }).catch(async (cause: Error) => {
    await server.stop();
    throw new CliError(
      `Port ${port} of ${loopback} cannot be used (${cause.message}). Choose another or leave --port out.`,
      {
        cause,
      },
    );
  });
  const caFile = join(pki ?? caDirectory(front.port), 'ca.crt');
  writeFileSync(caFile, ca);
  print(`API server: ${front.address}`);
  print(`CA certificate: ${caFile}`);
  return {
    address: front.address,
    caFile,
    async stop() {
      await front.close();
      await server.stop();
    },
  };
}

function caDirectory(port: number): string {
  const directory = join(tmpdir(), `reeve-apiserver-${port}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CliError(`The token file cannot be read: ${(cause as Error).message}.`, { cause });
  }
}
