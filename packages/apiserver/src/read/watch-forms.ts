import { inVersion } from '../operations/storage-form.ts';
import type { AnswerForm } from '../pipeline/negotiate.ts';
import { metadataOnly } from '../pipeline/partial.ts';
import type { VerbInput } from '../pipeline/verb.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import { toJSONText } from '../store/json-text.ts';
import type { Stored } from '../store/stored.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { objectText } from './item-text.ts';

/** How a watch shows objects: their JSON text, and a name under which it can be shared among watchers ('' for none). */
export interface WatchForm {
  readonly shared: string;
  /** No event can be shown: the watch ends where the first one would come. */
  readonly isBroken?: boolean;
  text(stored: Stored): string;
  bookmark(revision: number, annotations: ObjectValue | undefined): string;
}

/** The form that the Accept header asks for. */
export function watchForm(input: VerbInput, form: AnswerForm): WatchForm {
  const { resource } = input;
  const type = groupVersionOf(resource);
  if (form.type === 'table') return tableForm(input, form.version);
  if (form.type === 'partial' || form.type === 'partial-list') {
    const show = (object: ObjectValue): string => toJSONText(metadataOnly(object, form.version));
    return {
      shared: `${type} partial ${form.version}`,
      // A single object is no list.
      isBroken: form.type === 'partial-list',
      text: (stored) => show(inVersion(resource, stored)),
      bookmark: (revision, annotations) => show(bookmarkObject(input, revision, annotations)),
    };
  }
  return {
    shared: `${type} plain`,
    text: (stored) => objectText(resource, stored),
    bookmark: (revision, annotations) => toJSONText(bookmarkObject(input, revision, annotations)),
  };
}

/** Each event is a table of one row; only the first tells the columns. */
function tableForm(input: VerbInput, version: 'v1' | 'v1beta1'): WatchForm {
  const { parts, context, resource } = input;
  let isFirst = true;
  const show = (object: ObjectValue): string => {
    const table = parts.tables.table({
      resource,
      version,
      objects: [object],
      listMetadata: { resourceVersion: metadataOf(object)['resourceVersion'] ?? '' },
      includeObject: context.info.query.get('includeObject'),
      columns: isFirst,
      now: input.core.options.clock.now(),
    });
    isFirst = false;
    return toJSONText(table);
  };
  return {
    shared: '',
    text: (stored) => show(inVersion(resource, stored)),
    bookmark: (revision, annotations) => show(bookmarkObject(input, revision, annotations)),
  };
}

/** An object of the kind with nothing but a version, as its Go type prints it. */
function bookmarkObject(
  { parts, resource }: VerbInput,
  revision: number,
  annotations: ObjectValue | undefined,
): ObjectValue {
  const { group, version, kind, custom } = resource;
  const object: ObjectValue = {
    apiVersion: groupVersionOf(resource),
    kind,
    metadata: { resourceVersion: String(revision), ...(annotations === undefined ? {} : { annotations }) },
  };
  if (custom) return object;
  return parts.codec.normalise(object, { expected: { group, version, kind }, custom, fieldValidation: 'Ignore' })
    .object;
}
