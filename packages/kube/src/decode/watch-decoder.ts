import type { KubeObject, ResourceDescriptor, Status } from '@reeve/api';
import { ApiError } from '../api-error.ts';
import { KubeError } from '../kube-error.ts';
import type { DecodeOptions } from '../options.ts';
import type { WatchEvent } from '../watch-event.ts';
import { findMember } from './json-scan.ts';
import { parseLean, withoutManagedFields } from './managed-fields.ts';
import { stamped } from './stamp.ts';

interface RawEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

const initialEventsEnd = 'k8s.io/initial-events-end';

function parseLine(line: Buffer, lean: boolean): unknown {
  if (!lean) return JSON.parse(line.toString());
  const object = findMember(line, 0, 'object');
  return object === undefined ? JSON.parse(line.toString()) : parseLean(line, object.value);
}

/** Turns one line of a watch into an event; an ERROR event is thrown. */
export function decodeWatchLine<T extends KubeObject>(
  resource: ResourceDescriptor<T>,
  line: Buffer,
  options: DecodeOptions,
): WatchEvent<T> {
  let event: RawEvent<T>;
  try {
    event = parseLine(line, options.lean === true) as RawEvent<T>;
  } catch (cause) {
    const start = line.toString('utf8', 0, 120);
    throw new KubeError('BadAnswer', `a watch of ${resource.plural} sent a broken line: ${start}`, { cause });
  }
  switch (event.type) {
    case 'ERROR':
      throw new ApiError(event.object as Status, { request: `watch ${resource.plural}` });
    case 'BOOKMARK': {
      const { resourceVersion = '', annotations = {} } = event.object.metadata ?? {};
      return { type: 'BOOKMARK', resourceVersion, initialEventsEnd: annotations[initialEventsEnd] === 'true' };
    }
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const object = stamped(resource, event.object);
      return { type: event.type, object: options.lean === true ? withoutManagedFields(object) : object };
    }
  }
}
