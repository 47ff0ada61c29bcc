import { createApiServer, listen, loopbackUser, makeCertificates } from '@reeve/apiserver';
import { CustomResourceDefinition } from '@reeve/api/apiextensions/v1';
import { Namespace } from '@reeve/api/core/v1';
import { createClient, inProcessTransport, systemClock, systemRandom } from '@reeve/kube';
import { Widget, widget } from './widget.ts';

/** A child process: an API server with many widgets. Sends its address, authority and an object's size to the parent. */
const count = Number(process.argv[2] ?? '20000');
const token = 'bench';
const server = await createApiServer({
  clock: systemClock,
  random: systemRandom,
  tokens: [{ token, user: 'bench', uid: '1', groups: ['system:masters'] }],
  admission: { serviceAccount: false },
  authorization: 'RBAC',
});
const client = createClient(inProcessTransport(server.as(loopbackUser)), { userAgent: 'kubectl/v1.36.3' });
await client
  .of(Namespace)
  .create({ metadata: { name: 'default' } })
  .catch(() => undefined);
await client.of(CustomResourceDefinition).create(Widget.crd());
const widgets = client.of(Widget).in('default');
for (let serial = 0; serial < count; serial += 1) {
  while (
    serial === 0 &&
    (await widgets.list().then(
      () => false,
      () => true,
    ))
  )
    await new Promise(setImmediate);
  await widgets.create(widget(serial), { fieldManager: 'bench' });
}
const bytes = Buffer.byteLength(JSON.stringify(await widgets.get(widget(0).metadata?.name ?? '')));
const certificates = await makeCertificates(systemClock, ['127.0.0.1']);
const front = await listen(server, { host: '127.0.0.1', port: 0, ...certificates });
process.send?.({ address: front.address, ca: certificates.ca, token, bytes });
process.once('disconnect', () => process.exit());
