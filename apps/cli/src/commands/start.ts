import { EtcdTour } from '../etcd-tour.ts';
import { startPublishedCluster } from '../cluster-process.ts';
import type { PublishedCluster } from '../cluster-process.ts';
import { DEFAULT_NAME } from '../default-name.ts';
import { clock } from '../environment.ts';
import { prefetch } from '../prefetch.ts';
import { untilStopped } from '../signals.ts';
import { stopwatch } from '../stopwatch.ts';

/** `npm start`: cluster, operator, example, a real put and get, and what to type next. */
export async function start({ name }: { readonly name: string }): Promise<void> {
  const elapsed = stopwatch(clock);
  const say = (line: string): void => console.log(`${elapsed().padStart(7)}  ${line}`);
  await prefetch();
  say('Starting a local cluster: an API server, controllers and three nodes, pods as processes …');
  const cluster = await startPublishedCluster({ name, nodes: 3 });
  try {
    await show(cluster, say);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  tellNext(name);
  await untilStopped(cluster);
  console.log(
    'Everything has stopped. "npm start" brings the cluster back with its data; "npx reeve down --purge" deletes it.',
  );
}

async function show(cluster: PublishedCluster, say: (line: string) => void): Promise<void> {
  say(`The API server is at ${cluster.server}.`);
  const tour = new EtcdTour(cluster.admin, say);
  await tour.installOperator();
  say('The etcd operator is installed (deploy/etcd-operator.yaml).');
  const { size, isNew } = await tour.ensureExample();
  say(
    isNew
      ? `Applied examples/etcd/cluster.yaml: ${size} members of etcd.`
      : `The example of the last time is there: ${size} members.`,
  );
  await tour.untilReady(size);
  say(`READY ${size}/${size}`);
  await tour.etcdctl('put', 'greeting', 'hello from reeve');
  say(
    `etcdctl put greeting "hello from reeve"; get answers "${await tour.etcdctl('get', 'greeting', '--print-value-only')}"`,
  );
}

function tellNext(name: string): void {
  const flag = name === DEFAULT_NAME ? '' : ` --name ${name}`;
  console.log(`
It is yours. In another terminal, in this folder:

  export KUBECONFIG=$(npx reeve kubeconfig${flag})     # no kubectl? use "npx reeve kubectl …"
  kubectl get etcd -w
  kubectl scale etcdcluster/example --replicas=5
  kubectl get pods                               # then: kubectl delete pod <member>   — it comes back with its data
  kubectl describe etcd example
  kubectl delete etcdcluster example

Ctrl-C stops everything.`);
}
