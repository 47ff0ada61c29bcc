import { ClusterDirectory } from '@reeve/cluster';
import { CliError } from '../cli-error.ts';
import { startPublishedCluster, stopCluster } from '../cluster-process.ts';
import { clock } from '../environment.ts';
import { EtcdTour } from '../etcd-tour.ts';
import { prefetch } from '../prefetch.ts';
import { stopwatch } from '../stopwatch.ts';

const NAME = 'demo';
const KEYS = 100;

type Say = (line: string) => void;

interface Step {
  readonly title: string;
  readonly why: string;
  run(tour: EtcdTour): Promise<void>;
}

const STEPS: readonly Step[] = [
  {
    title: 'Create a cluster of three',
    why: 'The first member forms a cluster of one; the others join one by one as learners, so that quorum is never at risk.',
    async run(tour) {
      await tour.ensureExample();
      await tour.untilReady(3);
    },
  },
  {
    title: `Write ${KEYS} keys`,
    why: 'They must survive everything that follows.',
    async run(tour) {
      await tour.putKeys(KEYS);
    },
  },
  {
    title: 'Grow from 3 to 5',
    why: 'Each new member catches up as a learner before it may vote.',
    run: (tour) => resize(tour, 5),
  },
  {
    title: 'Shrink from 5 to 3',
    why: 'A leader hands over first; a member leaves the cluster before its process ends.',
    run: (tour) => resize(tour, 3),
  },
  {
    title: 'Kill a member',
    why: 'The process dies as in a crash. Same member, same disk: it starts again and catches up.',
    async run(tour) {
      const [member] = await tour.members();
      if (!member) throw new CliError('The cluster has no members.');
      await tour.crash(member.metadata.name);
      await tour.untilReady(3);
    },
  },
  {
    title: "Lose a member's disk",
    why: 'Its claim is deleted. A member must never come back empty under its old name: it is removed and a new one joins.',
    async run(tour) {
      const member = (await tour.members()).at(-1);
      if (!member) throw new CliError('The cluster has no members.');
      await tour.loseDisk(member.metadata.name);
      await tour.untilReady(3);
    },
  },
  { title: `Read all ${KEYS} keys back`, why: 'Linearizable reads: what was acknowledged is there.', run: readBack },
  {
    title: 'Destroy the cluster',
    why: 'Everything that the operator made goes with it.',
    run: (tour) => tour.destroy(),
  },
];

async function resize(tour: EtcdTour, size: number): Promise<void> {
  await tour.resize(size);
  await tour.untilReady(size);
}

async function readBack(tour: EtcdTour): Promise<void> {
  const found = (await tour.etcdctl('get', 'tour/', '--prefix', '--print-value-only')).split('\n').filter(Boolean);
  if (found.length !== KEYS) throw new CliError(`${KEYS} keys were written, but ${found.length} are there.`);
}

/** `npm run demo`: the tour by itself; exits with 0 if every step did what it says. */
export async function demo(): Promise<void> {
  await stopCluster(NAME);
  await new ClusterDirectory(NAME, process.env).purge();
  await prefetch();
  const total = stopwatch(clock);
  console.log('Starting a local cluster …');
  const cluster = await startPublishedCluster({ name: NAME, nodes: 3 });
  const say: Say = (line) => console.log(`      ${line}`);
  const tour = new EtcdTour(cluster.admin, say);
  try {
    await tour.installOperator();
    for (const [index, step] of STEPS.entries()) await runStep(tour, step, index + 1);
    console.log(`\nDone in ${total()}: nothing was lost.`);
  } finally {
    await cluster.stop();
    await new ClusterDirectory(NAME, process.env).purge();
  }
}

async function runStep(tour: EtcdTour, step: Step, number: number): Promise<void> {
  const elapsed = stopwatch(clock);
  console.log(`\n${number}. ${step.title}\n   ${step.why}`);
  await step.run(tour);
  console.log(`   Done in ${elapsed()}.`);
}
