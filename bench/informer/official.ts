import { measureInChild } from './measure.ts';

/** The informer of @kubernetes/client-node, as its documentation shows it. */
measureInChild(async () => {
  const { CustomObjectsApi, KubeConfig, makeInformer } = await import('@kubernetes/client-node');
  return async ({ address, ca, token }) => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: 'bench', server: address, caData: Buffer.from(ca).toString('base64'), skipTLSVerify: false },
      { name: 'bench', token },
    );
    const api = config.makeApiClient(CustomObjectsApi);
    const [group, version, plural] = ['bench.reeve.dev', 'v1', 'widgets'];
    const informer = makeInformer(config, `/apis/${group}/${version}/${plural}`, () =>
      api.listClusterCustomObject({ group, version, plural }),
    );
    await informer.start();
    return informer.list().length;
  };
});
