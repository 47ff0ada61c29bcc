import { startPodCluster } from './pod-cluster.ts';

/** A cluster process that is going to be killed: says `running` once a pod runs, and then never ends by itself. */
const cluster = await startPodCluster();
// Its command line names the directory, so that a test finds the process.
const command = ['sh', '-c', `while true; do sleep 0.1; done; : ${cluster.dataDir}`];
await cluster.run('doomed', 'node-a', { containers: [{ name: 'main', image: 'host', command }] });
await cluster.until('doomed', ({ status }) => status?.phase === 'Running');
console.log('running');
