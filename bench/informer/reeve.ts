import { measureInChild } from './measure.ts';

/** Our informer, as a manager uses it. */
measureInChild(async () => {
  const { createClient, httpTransport } = await import('@reeve/kube');
  const { createManager, jsonLog } = await import('@reeve/operator');
  const { Widget } = await import('./widget.ts');
  return async ({ address, ca, token }) => {
    const client = createClient(httpTransport({ server: address, ca, token }));
    const manager = createManager({ client, name: 'bench', log: jsonLog({ clock: client.clock, level: 'error' }) });
    const informer = manager.cache(Widget);
    manager.start().catch((error: unknown) => console.error(error));
    await informer.whenSynced();
    return informer.store.size;
  };
});
