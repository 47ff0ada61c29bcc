// A whole operator: a WebApp becomes a Deployment. Run it beside a local cluster:
//   npx reeve up --detach
//   KUBECONFIG=$(npx reeve kubeconfig) npx node --conditions=@reeve/source examples/webapp/operator.ts
import { Deployment } from '@reeve/api/apps/v1';
import { CustomResourceDefinition } from '@reeve/api/apiextensions/v1';
import { createClient, httpTransport, loadKubeConfig } from '@reeve/kube';
import { controller, createManager, defineResource } from '@reeve/operator';
import { z } from 'zod';

const WebApp = defineResource({
  group: 'example.dev',
  version: 'v1',
  kind: 'WebApp',
  shortNames: ['wa'],
  spec: z.object({
    image: z.string().min(1),
    command: z.array(z.string()).optional(),
    replicas: z.int().min(0).max(9),
  }),
  status: z.object({ ready: z.int().optional(), replicas: z.int().optional() }),
  scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
  columns: [{ name: 'Ready', jsonPath: '.status.ready', type: 'integer' }],
});

const webApps = controller(WebApp, {
  name: 'webapp',
  owns: [Deployment],
  async reconcile({ obj, own, status }) {
    const { name } = obj.metadata;
    const labels = { app: name };
    const { image, command, replicas } = obj.spec;
    const deployment = await own(Deployment, {
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'app', image, ...(command && { command: [...command] }) }] },
        },
      },
    });
    const ready = deployment.status?.readyReplicas ?? 0;
    status.set({ ready, replicas: deployment.status?.replicas ?? 0 });
    if (ready < replicas) status.reconciling('Starting', `${ready} of ${replicas} replicas are ready.`);
    else status.ready('Running', `All ${replicas} replicas are ready.`);
  },
});

const client = createClient(httpTransport(await loadKubeConfig()));
await client.of(CustomResourceDefinition).apply(WebApp.crd(), { fieldManager: 'webapp', force: true });
const manager = createManager({ client, name: 'webapp-operator' });
manager.add(webApps);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
await manager.start(stop.signal);
await client.close();
