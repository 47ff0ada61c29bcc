import type { ObjectValue } from '../../value.ts';
import { isObject, metadataOf } from '../../value.ts';
import { mapAt, objectAt } from '../object-path.ts';
import type { DefaultsTable } from './type-defaults.ts';

/** Jobs and CronJobs. A CronJob's template is not defaulted as a Job is. */
export const batchDefaults: DefaultsTable = {
  'batch/v1.Job': { adjust: defaultJob },
  'batch/v1.CronJobSpec': {
    set: { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
  },
  'batch/v1.PodFailurePolicyOnPodConditionsPattern': { set: { status: 'True' } },
};

function defaultJob(job: ObjectValue): void {
  const spec = job['spec'];
  if (!isObject(spec)) return;
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  spec['parallelism'] ??= 1;
  spec['backoffLimit'] ??= spec['backoffLimitPerIndex'] === undefined ? 6 : 2 ** 31 - 1;
  spec['completionMode'] ??= 'NonIndexed';
  spec['suspend'] ??= false;
  spec['podReplacementPolicy'] ??= isObject(spec['podFailurePolicy']) ? 'Failed' : 'TerminatingOrFailed';
  spec['manualSelector'] ??= false;
  inheritLabels(job, spec);
}

/** An object without labels takes those of its pod template. */
export function inheritLabels(object: ObjectValue, spec: ObjectValue): void {
  const labels = mapAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (Object.keys(labels).length === 0) return;
  const metadata = metadataOf(object);
  if (Object.keys(mapAt(metadata, 'labels')).length === 0) metadata['labels'] = { ...labels };
}
