import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';

/** Which fields a resource's field selectors may name, and what they find. */
export interface SelectableFields {
  /** Field to the path of its value; `=` before a text gives what stands for an absent value. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** Other names of fields. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Value of a field that is absent in the object; '' if not told. */
  readonly absent?: Readonly<Record<string, string>>;
  /** False: metadata.namespace is refused. */
  readonly namespace?: boolean;
  /** The start of the text that refuses another field. */
  readonly refusal?: string;
}

const paths = (...fields: readonly string[]): SelectableFields['paths'] =>
  Object.fromEntries(fields.map((field) => [field, [field]]));

const references = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

/** What built-in kinds have besides metadata.name and metadata.namespace, by `group/plural` (`/pods`). */
export const builtinSelectableFields: Readonly<Record<string, SelectableFields>> = {
  '/pods': {
    paths: {
      ...paths('spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName'),
      ...paths('spec.hostNetwork', 'status.phase', 'status.podIP', 'status.nominatedNodeName'),
      // Supported in name, but never filled in.
      'status.podIPs': [],
    },
    aliases: { 'spec.host': 'spec.nodeName' },
    absent: { 'spec.hostNetwork': 'false' },
  },
  '/nodes': { paths: paths('spec.unschedulable'), absent: { 'spec.unschedulable': 'false' }, namespace: false },
  '/namespaces': { paths: { ...paths('status.phase'), name: ['metadata.name'] }, namespace: false },
  '/secrets': { paths: paths('type') },
  '/services': { paths: paths('spec.clusterIP', 'spec.type') },
  '/replicationcontrollers': { paths: paths('status.replicas'), absent: { 'status.replicas': '0' } },
  '/events': {
    paths: {
      ...paths(...references.map((field) => `involvedObject.${field}`), 'reason', 'reportingComponent', 'type'),
      source: ['source.component', 'reportingComponent'],
    },
  },
  'events.k8s.io/events': {
    paths: {
      ...paths(...references.map((field) => `regarding.${field}`), 'reason', 'reportingController', 'type'),
    },
  },
  'batch/jobs': {
    paths: { 'status.successful': ['status.succeeded'] },
    absent: { 'status.successful': '0' },
    refusal: 'quoted for Job',
  },
  'certificates.k8s.io/certificatesigningrequests': { paths: paths('spec.signerName'), namespace: false },
  'resource.k8s.io/resourceslices': {
    paths: paths('spec.nodeName', 'spec.driver'),
    namespace: false,
    refusal: 'field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ',
  },
};

/** The text at a dotted path; scalars are printed, anything else is empty. */
function textAt(object: ObjectValue, path: string): string | undefined {
  let value: Value | undefined = object;
  for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined;
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}

/** The values of all fields of an object. */
export function selectValues(fields: SelectableFields, object: ObjectValue): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [field, candidates] of Object.entries(fields.paths)) {
    const found = candidates.map((path) => textAt(object, path)).find((text) => text !== undefined && text !== '');
    values[field] = found ?? fields.absent?.[field] ?? '';
  }
  return values;
}

/** The text that refuses a field; undefined stands for kinds without fields of their own. */
export function fieldRefusal(fields: SelectableFields | undefined, custom: boolean, field: string): string {
  if (fields?.refusal === 'quoted for Job') return `field label ${JSON.stringify(field)} not supported for Job`;
  if (fields?.refusal !== undefined) return `${fields.refusal}${field}`;
  if (fields !== undefined || custom) return `field label not supported: ${field}`;
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
