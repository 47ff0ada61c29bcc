import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { kubectlProgram, packageSource, programPath } from '@reeve/node';
import { DEFAULT_NAME } from '../default-name.ts';
import { imageOptions } from '../environment.ts';
import { kubeConfigPath } from './kubeconfig.ts';

/** `reeve kubectl …`: the matching kubectl, pointed at the named cluster, else at KUBECONFIG's, else at the default one. */
export async function kubectl(args: readonly string[], { name }: { readonly name?: string }): Promise<void> {
  const program = await programPath(kubectlProgram, packageSource(imageOptions()), process.env);
  const chosen = name === undefined ? process.env['KUBECONFIG'] : undefined;
  const KUBECONFIG = chosen ?? (await kubeConfigPath(name ?? DEFAULT_NAME));
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, KUBECONFIG } });
  process.on('SIGINT', () => undefined); // kubectl gets it too and decides
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 130;
}
