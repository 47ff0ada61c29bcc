import { createImageStore, kubectlProgram, packageSource, programPath } from '@reeve/node';
import { imageOptions } from './environment.ts';

/** The etcd that examples/etcd/cluster.yaml asks for. */
const EXAMPLE_IMAGE = 'quay.io/coreos/etcd:v3.5.16';

/** Fetches what the tours need before anything is started, so that a missing network leaves nothing half-started. */
export async function prefetch(): Promise<void> {
  const options = imageOptions();
  await Promise.all([
    createImageStore(options).pull(EXAMPLE_IMAGE),
    programPath(kubectlProgram, packageSource(options), process.env),
  ]);
}
