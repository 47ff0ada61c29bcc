import type { Job } from '@reeve/api/batch/v1';
import type { Container, Pod, PodSpec } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import { podFromTemplate } from '../owned-pod.ts';

/** Holds a pod back until the job has counted it (KEP-2307). */
export const TRACKING = 'batch.kubernetes.io/job-tracking';
const INDEX = 'batch.kubernetes.io/job-completion-index';
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const IGNORED_FAILURES = 'batch.kubernetes.io/job-index-ignored-failure-count';

export function isTracked({ metadata }: Pod): boolean {
  return metadata?.finalizers?.includes(TRACKING) ?? false;
}

export function isIndexed({ spec }: Job): boolean {
  return spec?.completionMode === 'Indexed';
}

/** The completion index of a pod; undefined for pods of a job without indexes. */
export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata?.annotations?.[INDEX];
  return text === undefined ? undefined : Number(text);
}

/** How often the pod's index had failed when the pod was made. */
export function failuresBefore({ metadata }: Pod): number {
  return Number(metadata?.annotations?.[FAILURES] ?? 0);
}

export function ignoredFailuresBefore({ metadata }: Pod): number {
  return Number(metadata?.annotations?.[IGNORED_FAILURES] ?? 0);
}

/** A pod to make: which index, and with backoffLimitPerIndex its history (KEP-3850). */
export interface NewPod {
  readonly index?: number;
  readonly failures?: number;
  readonly ignoredFailures?: number;
}

/** The pod of a job, with the tracking finalizer and, if indexed, its index in every place where a program may look. */
export function jobPod(job: Stored<Job>, owner: Parameters<typeof podFromTemplate>[1], wanted: NewPod): Pod {
  const base = podFromTemplate(job.spec?.template ?? {}, owner, job.metadata.namespace ?? '');
  const finalizers = [...(base.metadata?.finalizers ?? []), TRACKING];
  if (wanted.index === undefined) return { ...base, metadata: { ...base.metadata, finalizers } };
  const index = String(wanted.index);
  const annotations = {
    ...base.metadata?.annotations,
    [INDEX]: index,
    ...(wanted.failures === undefined ? {} : { [FAILURES]: String(wanted.failures) }),
    ...(wanted.ignoredFailures ? { [IGNORED_FAILURES]: String(wanted.ignoredFailures) } : {}),
  };
  return {
    ...base,
    metadata: {
      ...base.metadata,
      generateName: `${job.metadata.name}-${index}-`,
      labels: { ...base.metadata?.labels, [INDEX]: index },
      annotations,
      finalizers,
    },
    ...(base.spec ? { spec: withIndex(base.spec, `${job.metadata.name}-${index}`) } : {}),
  };
}

function withIndex(spec: PodSpec, hostname: string): PodSpec {
  const told = (container: Container): Container => ({ ...container, env: [...(container.env ?? []), INDEX_VARIABLE] });
  return {
    ...spec,
    hostname,
    containers: spec.containers.map(told),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(told) } : {}),
  };
}

const INDEX_VARIABLE = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` } },
};

/** When a pod ended, in milliseconds since the epoch: by its containers, its deletion, or at worst its creation. */
export function endOf({ metadata, status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).flatMap(({ state }) => state?.terminated?.finishedAt ?? []);
  if (ends.length > 0) return Math.max(...ends.map((text) => Date.parse(text)));
  if (metadata?.deletionTimestamp !== undefined)
    return Date.parse(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return Date.parse(metadata?.creationTimestamp ?? '');
}
