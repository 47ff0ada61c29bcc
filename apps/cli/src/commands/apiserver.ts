import { runApiServer } from '../apiserver.ts';
import { signalled } from '../signals.ts';

interface Flags {
  readonly port: number;
  readonly data?: string;
  readonly tokenAuthFile?: string;
}

/** `reeve apiserver`: the API server alone, until Ctrl-C. */
export async function apiserver({ port, data, tokenAuthFile }: Flags): Promise<void> {
  const server = await runApiServer({
    port,
    ...(data === undefined ? {} : { dataDir: data }),
    ...(tokenAuthFile === undefined ? {} : { tokenAuthFile }),
    print: (line) => console.log(line),
  });
  await signalled();
  await server.stop();
}
