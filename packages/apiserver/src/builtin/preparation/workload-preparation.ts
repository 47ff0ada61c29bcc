import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { assign, ensureObject, numberAt, objectAt, textAt } from '../object-path.ts';
import { semanticallyEqual } from '../equality.ts';
import type { KindPreparation } from './kind-preparation.ts';

const nameLabels = ['job-name', 'batch.kubernetes.io/job-name'] as const;
const uidLabel = 'batch.kubernetes.io/controller-uid';
const uidLabels = ['controller-uid', uidLabel] as const;

/** A job whose user did not bring a selector selects the pods that carry its uid. */
export const jobPreparation: KindPreparation = {
  create: (job) => {
    const spec = ensureObject(job, 'spec');
    if (spec['manualSelector'] === true) return;
    const metadata = metadataOf(job);
    const uid = textAt(metadata, 'uid');
    const labels = ensureObject(ensureObject(ensureObject(spec, 'template'), 'metadata'), 'labels');
    for (const label of nameLabels) labels[label] ??= textAt(metadata, 'name');
    for (const label of uidLabels) labels[label] ??= uid;
    ensureObject(ensureObject(spec, 'selector'), 'matchLabels')[uidLabel] ??= uid;
  },
};

/** The generation of the template is kept by the server, in annotations of old and in a field. */
export const daemonSetPreparation: KindPreparation = {
  create: (set) => {
    const annotations = ensureObject(metadataOf(set), 'annotations');
    annotations[templateGeneration] = String(Math.max(1, generationOf(set)));
  },
  update: (set, old) => {
    const changed = !semanticallyEqual(objectAt(set, 'spec')['template'], objectAt(old, 'spec')['template']);
    const annotations = ensureObject(metadataOf(set), 'annotations');
    assign(annotations, templateGeneration, String(generationOf(old) + (changed ? 1 : 0)));
  },
  subresources: {
    status: (set, old) => {
      ensureObject(metadataOf(set), 'annotations')[templateGeneration] = String(generationOf(old));
    },
  },
};

const templateGeneration = 'deprecated.daemonset.template.generation';

function generationOf(set: ObjectValue): number {
  const text = textAt(objectAt(metadataOf(set), 'annotations'), templateGeneration);
  return /^\d+$/.test(text) ? Number(text) : (numberAt(set, 'templateGeneration') ?? 0);
}
