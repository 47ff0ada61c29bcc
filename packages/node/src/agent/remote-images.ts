import type { Image, ImageStore } from '../images/image.ts';
import type { JsonRpc } from '../link/json-rpc.ts';

/** Images are fetched by the cluster process: the sandbox has no way out to the network. */
export function remoteImages(rpc: JsonRpc): ImageStore {
  return { pull: async (reference) => (await rpc.call('pull', { reference })) as Image };
}
