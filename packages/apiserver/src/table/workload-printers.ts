import { itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import {
  ageColumn,
  containerColumns,
  hasCondition,
  labelsText,
  nameColumn,
  numberCell,
  ofTotal,
  selectorText,
  templateSpec,
  textCell,
} from './cells.ts';
import { boolean, integer, text, wide } from './column.ts';
import type { Column } from './column.ts';
import { humanDuration, since } from './duration.ts';
import { summarizePod } from './pod-status.ts';
import type { PrinterTable } from './printer.ts';

const selectorColumn: Column = wide('Selector', (object) =>
  selectorText(maybeObject(objectAt(object, 'spec'), 'selector')),
);
const templateColumns = containerColumns(templateSpec);
const replicaColumns: readonly Column[] = [
  nameColumn,
  integer('Desired', numberCell('spec.replicas')),
  integer('Current', numberCell('status.replicas')),
  integer('Ready', numberCell('status.readyReplicas')),
  ageColumn,
  ...templateColumns,
];

/** Pods and what makes them. */
export const workloadPrinters: PrinterTable = {
  Pod: {
    columns: [
      nameColumn,
      text('Ready', (pod, now) => summarizePod(pod, now).ready),
      text('Status', (pod, now) => summarizePod(pod, now).status),
      text('Restarts', (pod, now) => summarizePod(pod, now).restarts),
      ageColumn,
      wide('IP', textCell('status.podIP', '<none>')),
      wide('Node', textCell('spec.nodeName', '<none>')),
      wide('Nominated Node', textCell('status.nominatedNodeName', '<none>')),
      wide('Readiness Gates', readinessGates),
    ],
    conditions: podConditions,
  },
  PodTemplate: {
    columns: [
      nameColumn,
      ...containerColumns((object) => objectAt(objectAt(object, 'template'), 'spec')).map((column) => ({
        ...column,
        priority: 0,
      })),
      text('Pod Labels', (object) => labelsText(mapAt(metadataOf(objectAt(object, 'template')), 'labels'))),
    ],
  },
  ReplicationController: {
    columns: [...replicaColumns, wide('Selector', (object) => labelsText(mapAt(objectAt(object, 'spec'), 'selector')))],
  },
  'apps/ReplicaSet': { columns: [...replicaColumns, selectorColumn] },
  'apps/Deployment': {
    columns: [
      nameColumn,
      text('Ready', (object) => ofTotal(object, 'readyReplicas', 'replicas')),
      text('Up-to-date', numberCell('status.updatedReplicas')),
      text('Available', numberCell('status.availableReplicas')),
      ageColumn,
      ...templateColumns,
      selectorColumn,
    ],
  },
  'apps/StatefulSet': {
    columns: [
      nameColumn,
      text('Ready', (object) => ofTotal(object, 'readyReplicas', 'replicas')),
      ageColumn,
      ...templateColumns,
    ],
  },
  'apps/DaemonSet': {
    columns: [
      nameColumn,
      integer('Desired', numberCell('status.desiredNumberScheduled')),
      integer('Current', numberCell('status.currentNumberScheduled')),
      integer('Ready', numberCell('status.numberReady')),
      integer('Up-to-date', numberCell('status.updatedNumberScheduled')),
      integer('Available', numberCell('status.numberAvailable')),
      text('Node Selector', (object) => labelsText(mapAt(templateSpec(object), 'nodeSelector'))),
      ageColumn,
      ...templateColumns,
      selectorColumn,
    ],
  },
  'apps/ControllerRevision': {
    columns: [nameColumn, text('Controller', controllerOf), text('Revision', numberCell('revision')), ageColumn],
  },
  'batch/Job': {
    columns: [
      nameColumn,
      text('Status', jobStatus),
      text('Completions', completions),
      text('Duration', jobDuration),
      ageColumn,
      ...templateColumns,
      selectorColumn,
    ],
  },
  'batch/CronJob': {
    columns: [
      nameColumn,
      text('Schedule', textCell('spec.schedule')),
      text('Timezone', textCell('spec.timeZone', '<none>')),
      boolean('Suspend', (object) => (objectAt(object, 'spec')['suspend'] === true ? 'True' : 'False')),
      integer('Active', (object) => itemsOf(objectAt(object, 'status'), 'active').length),
      text('Last Schedule', lastSchedule),
      ageColumn,
      ...containerColumns((object) => templateSpec(objectAt(objectAt(object, 'spec'), 'jobTemplate'))),
      wide('Selector', (object) => {
        const job = objectAt(objectAt(object, 'spec'), 'jobTemplate');
        return selectorText(maybeObject(objectAt(job, 'spec'), 'selector'));
      }),
    ],
  },
};

function readinessGates(pod: ObjectValue): string {
  const gates = itemsOf(objectAt(pod, 'spec'), 'readinessGates');
  if (gates.length === 0) return '<none>';
  const open = gates.filter((gate) => hasCondition(pod, textAt(gate, 'conditionType'))).length;
  return `${open}/${gates.length}`;
}

function podConditions(pod: ObjectValue): readonly ObjectValue[] {
  const phase = objectAt(pod, 'status')['phase'];
  if (phase !== 'Succeeded' && phase !== 'Failed') return [];
  const message = phase === 'Failed' ? 'The pod failed.' : 'The pod has completed successfully.';
  return [{ type: 'Completed', status: 'True', reason: phase, message }];
}

function controllerOf(object: ObjectValue): string {
  const owner = itemsOf(metadataOf(object), 'ownerReferences').find(({ controller }) => controller === true);
  if (owner === undefined) return '<none>';
  const apiVersion = textAt(owner, 'apiVersion');
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${textAt(owner, 'kind').toLowerCase()}${group}/${textAt(owner, 'name')}`;
}

function jobStatus(job: ObjectValue): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (metadataOf(job)['deletionTimestamp'] !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find((type) => hasCondition(job, type)) ?? 'Running';
}

function completions(job: ObjectValue): string {
  const spec = objectAt(job, 'spec');
  const succeeded = numberAt(objectAt(job, 'status'), 'succeeded') ?? 0;
  const wanted = numberAt(spec, 'completions');
  if (wanted !== undefined) return `${succeeded}/${wanted}`;
  const parallelism = numberAt(spec, 'parallelism') ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: ObjectValue, now: number): string {
  const status = objectAt(job, 'status');
  const start = textAt(status, 'startTime');
  const end = textAt(status, 'completionTime');
  if (start === '') return '';
  return humanDuration((end === '' ? now : Date.parse(end)) - Date.parse(start));
}

function lastSchedule(object: ObjectValue, now: number): string {
  const time = textAt(objectAt(object, 'status'), 'lastScheduleTime');
  return time === '' ? '<none>' : since(time, now);
}
