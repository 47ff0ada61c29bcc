import { randomBytes } from 'node:crypto';

import type { Container } from '@reeve/api/core/v1';

import type { Image } from '../images/image.ts';
import { messageOf } from '../node-error.ts';
import { nextBackoff } from './backoff.ts';
import { dropOldLogs, logPath } from './container-log.ts';
import { ContainerRun } from './container-run.ts';
import type { RunListener } from './container-run.ts';
import { messageFileIn, planContainer } from './plan-container.ts';
import { lostReason } from './record.ts';
import type { PodHandle } from './pod-handle.ts';

/** A container whose configuration is wrong is tried again after this time: what it lacks may come. */
const configRetryMs = 5000;

/** Fetches the image, resolves the configuration and starts the program; says in the record what came of it. */
export async function startContainer(worker: PodHandle, container: Container): Promise<void> {
  const image = await pullImage(worker, container);
  if (image === undefined) return;
  if (worker.ending.aborted) {
    giveUp(worker, container.name);
    return;
  }
  await launch(worker, container, image);
}

async function pullImage(worker: PodHandle, { name, image: reference = '' }: Container): Promise<Image | undefined> {
  const { clock, images } = worker.node;
  const before = worker.record(name);
  try {
    if (before?.imageID === '') worker.event('Normal', 'Pulling', `Pulling image "${reference}"`, name);
    const image = await untilEnding(worker, images.pull(reference));
    if (before?.imageID === '') worker.event('Normal', 'Pulled', `Container image "${reference}" is ${image.id}`, name);
    return image;
  } catch (error) {
    if (worker.ending.aborted) {
      giveUp(worker, name);
      return undefined;
    }
    const message = messageOf(error);
    worker.event('Warning', 'Failed', `Failed to pull image "${reference}": ${message}`, name);
    const pullBackoff = nextBackoff(before?.pullBackoff, clock.now());
    const notBefore = clock.now() + pullBackoff.delayMs;
    worker.change(name, { pullBackoff, phase: { is: 'waiting', reason: 'ErrImagePull', message, notBefore } });
    // As kubectl users know it: the error first, then the wait for the next try.
    clock.schedule(1000, () => showPullBackoff(worker, name, reference, message, notBefore));
    return undefined;
  }
}

function showPullBackoff(worker: PodHandle, name: string, reference: string, why: string, notBefore: number): void {
  const phase = worker.record(name)?.phase;
  if (phase?.is !== 'waiting' || phase.reason !== 'ErrImagePull') return;
  const message = `Back-off pulling image "${reference}": ErrImagePull: ${why}`;
  worker.event('Normal', 'BackOff', `Back-off pulling image "${reference}"`, name);
  worker.change(name, { phase: { is: 'waiting', reason: 'ImagePullBackOff', message, notBefore } });
}

async function launch(worker: PodHandle, container: Container, image: Image): Promise<void> {
  const { node, sandbox, pod } = worker;
  const { name } = container;
  const before = worker.record(name);
  if (sandbox === undefined || before === undefined) return;
  const restarts = before.last === undefined ? before.restarts : before.restarts + 1;
  const id = randomBytes(32).toString('hex');
  const run = await planContainer({ node, pod, sandbox, container, image, id }).then(
    (plan) => {
      if (worker.ending.aborted) {
        giveUp(worker, name);
        return undefined;
      }
      dropOldLogs(worker.logDirectory, name, restarts);
      const files = {
        log: logPath(worker.logDirectory, name, restarts),
        message: messageFileIn(sandbox.containerDirectory(name)),
      };
      return new ContainerRun(node, container, plan, sandbox.network.address, files, listenTo(worker, container));
    },
    (error: unknown) => {
      failConfiguration(worker, name, messageOf(error));
      return undefined;
    },
  );
  if (run === undefined) return;
  worker.event('Normal', 'Created', `Created container: ${name}`, name);
  worker.runs.set(name, run);
  // A run that was lost with its node was no crash of its own.
  const crashed = before.last !== undefined && before.last.reason !== lostReason;
  const crashBackoff = crashed ? nextBackoff(before.crashBackoff, node.clock.now()) : undefined;
  worker.change(name, { restarts, crashBackoff, pullBackoff: undefined, imageID: image.id });
  const started = await run.container.started;
  // Meanwhile it may have ended, and that has been noted.
  if (!started || worker.record(name)?.phase.is !== 'starting') return;
  worker.change(name, { phase: { is: 'running', id: run.id, startedAt: run.startedAt } });
  worker.event('Normal', 'Started', `Started container ${name}`, name);
  run.begin();
}

function failConfiguration(worker: PodHandle, name: string, message: string): void {
  const notBefore = worker.node.clock.now() + configRetryMs;
  worker.event('Warning', 'Failed', `Error: ${message}`, name);
  worker.change(name, { phase: { is: 'waiting', reason: 'CreateContainerConfigError', message, notBefore } });
}

function giveUp(worker: PodHandle, name: string): void {
  worker.change(name, { phase: { is: 'waiting', reason: 'ContainerCreating' } });
}

function listenTo(worker: PodHandle, container: Container): RunListener {
  const { name } = container;
  const grace = (worker.pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
  return {
    onStarted: () => worker.change(name, { started: true }),
    onReady: (ready) => worker.change(name, { ready }),
    onFailure: (kind, message) => worker.event('Warning', 'Unhealthy', `${kind} probe failed: ${message}`, name),
    onUnhealthy: (kind, _message, probe) => {
      const seconds = probe.terminationGracePeriodSeconds;
      const { clock } = worker.node;
      worker.event(
        'Normal',
        'Killing',
        `Container ${name} failed ${kind.toLowerCase()} probe, will be restarted`,
        name,
      );
      worker.stopContainer(name, clock.now() + (seconds === undefined ? grace : seconds * 1000));
    },
    onHookFailed: (hook, message) => {
      worker.event('Warning', `Failed${hook}Hook`, message, name);
      if (hook === 'PostStart') worker.stopContainer(name, worker.node.clock.now() + grace);
    },
    onExit: (run) => {
      if (run.reason === 'StartError')
        worker.event('Warning', 'Failed', `Error: ${run.message ?? 'it did not start'}`, name);
      worker.change(name, { phase: { is: 'ended', run }, started: false, ready: false });
    },
  };
}

// A pod that is deleted while its image is being fetched need not wait for that.
function untilEnding<T>(worker: PodHandle, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(worker.ending.reason as Error);
    worker.ending.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => worker.ending.removeEventListener('abort', onAbort));
  });
}
