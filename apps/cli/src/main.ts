import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_NAME } from './default-name.ts';

const nameOption = (): Option => new Option('--name <name>', "the cluster's name").default(DEFAULT_NAME);

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };
}

/** Each command's module is loaded when it runs, so that the quick ones are quick. */
function program(): Command {
  const reeve = new Command('reeve').description(
    'A local Kubernetes cluster without containers, and operators that run databases on it.',
  );
  reeve.enablePositionalOptions();
  reeve.showHelpAfterError('(reeve --help shows the commands)');
  addClusterCommands(reeve);
  addToolCommands(reeve);
  addTours(reeve);
  return reeve;
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOSPC')
    return `No space is left on the disk (${error.message}). Free some, or name other folders with REEVE_HOME and REEVE_CACHE.`;
  return error.message;
}

function addClusterCommands(reeve: Command): void {
  reeve
    .command('up')
    .description('start a local cluster; Ctrl-C stops it')
    .addOption(nameOption())
    .option('--nodes <count>', 'number of virtual nodes', wholeNumber(1, 20), 3)
    .option('--data <dir>', "where the cluster keeps its data (default: in the user's state folder)")
    .option('--port <port>', 'port of the API server on 127.0.0.1 (default: any free one)', wholeNumber(1, 65535))
    .option('--detach', 'return when the cluster is ready and leave it running')
    .action(async (flags) => (await import('./commands/up.ts')).up(flags));
  reeve
    .command('down')
    .description('stop a local cluster')
    .addOption(nameOption())
    .option('--purge', 'delete its data too')
    .action(async (flags) => (await import('./commands/down.ts')).down(flags));
  reeve
    .command('status')
    .description('list the local clusters')
    .action(async () => (await import('./commands/status.ts')).status());
  const node = reeve.command('node').description('turn a virtual node off or on');
  for (const verb of ['stop', 'start'] as const) {
    node
      .command(`${verb} <node>`)
      .description(verb === 'stop' ? "cut the node's power" : 'boot the node again')
      .addOption(nameOption())
      .action(async (name: string, flags) => (await import('./commands/node.ts')).node(verb, name, flags));
  }
}

function addToolCommands(reeve: Command): void {
  reeve
    .command('kubeconfig')
    .description("print the path of the cluster's kubeconfig")
    .addOption(nameOption())
    .action(async (flags) => (await import('./commands/kubeconfig.ts')).kubeconfig(flags));
  reeve
    .command('kubectl')
    .description('run the kubectl that matches the cluster')
    .argument('[args...]', "kubectl's own arguments")
    .option('--name <name>', "the cluster's name (default: KUBECONFIG's cluster, else local)")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (args: string[], flags) => (await import('./commands/kubectl.ts')).kubectl(args, flags));
  const images = reeve
    .command('images')
    .description('list the images that pods can use')
    .action(async () => (await import('./commands/images.ts')).listImages());
  images
    .command('add <reference>')
    .description('add an image: a folder, or a Debian package of an exact version')
    .option('--rootfs <dir>', 'a folder with a root file system')
    .option('--deb <name=version>', 'a Debian package and its upstream version')
    .option('--suite <suite>', 'the Debian suite that has the package', 'sid')
    .option('--entrypoint <command>', 'what the image runs by default')
    .action(async (reference: string, flags) =>
      (await import('./commands/images.ts')).addImageCommand(reference, flags),
    );
  reeve
    .command('apiserver')
    .description('run the API server alone, without controllers and nodes')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes any free one', wholeNumber(0, 65535), 0)
    .option('--data <dir>', 'keep objects here; without it they live in memory')
    .option('--token-auth-file <csv>', 'users, in the format of kube-apiserver: token,user,uid,"group1,group2"')
    .action(async (flags) => (await import('./commands/apiserver.ts')).apiserver(flags));
}

function addTours(reeve: Command): void {
  reeve
    .command('start')
    .description('start a cluster with the etcd operator and an example, and show it working')
    .addOption(nameOption())
    .action(async (flags) => (await import('./commands/start.ts')).start(flags));
  reeve
    .command('demo')
    .description('the tour: create, write, resize, break and heal an etcd cluster, by itself')
    .action(async () => (await import('./commands/demo.ts')).demo());
}

try {
  await program().parseAsync();
  process.exit();
} catch (error) {
  console.error(`reeve: ${sentenceOf(error)}`);
  if (process.env['REEVE_DEBUG']) console.error(error);
  process.exit(1);
}
