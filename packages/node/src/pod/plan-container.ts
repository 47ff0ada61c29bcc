import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Container as ContainerSpec } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import type { Pod } from '@reeve/api/core/v1';

import type { ContainerPlan } from '../container/container.ts';
import { keepFlags, readMountPoints } from '../container/mount-flags.ts';
import { bind } from '../container/mount.ts';
import { makeMountPoints, makeRootDirectory } from '../container/root-directory.ts';
import { imageBinds, rootMounts } from '../container/root-plan.ts';
import { containerUser } from '../container/security.ts';
import { buildEnvironment } from '../env/environment.ts';
import { expandVariables } from '../env/expand.ts';
import type { Image } from '../images/image.ts';
import type { NodeContext } from '../node/node-context.ts';
import type { PodSandbox } from './pod-sandbox.ts';

/** One run of a container, about to begin. */
export interface PlanInput {
  readonly node: NodeContext;
  readonly pod: Stored<Pod>;
  readonly sandbox: PodSandbox;
  readonly container: ContainerSpec;
  readonly image: Image;
  readonly id: string;
}

const defaultMessagePath = '/dev/termination-log';

/** Resolves variables, user and mounts, and makes the directories that they need. Throws `InvalidPod`. */
export async function planContainer({ node, pod, sandbox, container, image, id }: PlanInput): Promise<ContainerPlan> {
  const env = await buildEnvironment({
    ...sandbox.facts(pod),
    container,
    imageEnv: image.env,
    hostname: sandbox.hostname,
    services: node.directory.services(),
    objects: node.objects,
    capacity: node.capacity,
  });
  const user = containerUser(pod.spec ?? { containers: [] }, container, node.userNamespace);
  const directory = sandbox.containerDirectory(container.name);
  const root = join(directory, 'root');
  const points = join(directory, 'points');
  const messageFile = makeMessageFile(directory);
  const volumes = [
    ...sandbox.volumes.mountsFor(container, env),
    bind(messageFile, container.terminationMessagePath || defaultMessagePath, false),
  ];
  makeRootDirectory(root, node.host);
  makeMountPoints(root, points, [...imageBinds(image), ...volumes]);
  const mounts = [
    ...rootMounts({ host: node.host, image, root, points, podEtc: sandbox.etc, devices: node.devices }),
    ...volumes,
  ];
  return {
    id,
    networkPath: sandbox.network.path,
    hostname: sandbox.hostname,
    root,
    mounts: keepFlags(mounts, readMountPoints()),
    command: commandOf(container, image).map((word) => expandVariables(word, env)),
    env: Object.fromEntries(env),
    workingDir: container.workingDir || image.workingDir || '/',
    user,
    readOnlyRoot: container.securityContext?.readOnlyRootFilesystem === true,
    stdin: container.stdin === true,
    tty: container.tty === true,
  };
}

// `command` replaces the image's entrypoint and drops its cmd (Kubernetes documentation, "Define a command").
function commandOf({ command, args }: ContainerSpec, image: Image): readonly string[] {
  const hasCommand = command !== undefined && command.length > 0;
  const hasArgs = args !== undefined && args.length > 0;
  const entrypoint = hasCommand ? command : image.entrypoint;
  if (hasArgs) return [...entrypoint, ...args];
  return hasCommand ? entrypoint : [...entrypoint, ...image.cmd];
}

/** The file that a container's last words go to. */
export function messageFileIn(containerDirectory: string): string {
  return join(containerDirectory, 'termination-log');
}

function makeMessageFile(directory: string): string {
  const file = messageFileIn(directory);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, 0o666);
  return file;
}
