import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { fromJSONText, toJSONText } from './json-text.ts';

/**
 * One version of one object. Kept as JSON text: that is a fifth of the memory of the parsed form, goes into answers as
 * it is, and gives every request a copy of its own to change.
 */
export class Stored {
  /** `namespace/name`, or `name` for cluster-scoped resources. */
  readonly key: string;
  readonly revision: number;
  readonly json: string;
  readonly labels: Readonly<Record<string, Value>>;
  /** What others derive from this version, such as the parsed rules of a role. */
  readonly #forms = new Map<string, unknown>();

  constructor(key: string, revision: number, json: string, labels: Readonly<Record<string, Value>>) {
    this.key = key;
    this.revision = revision;
    this.json = json;
    this.labels = labels;
  }

  static of(key: string, revision: number, object: ObjectValue): Stored {
    return new Stored(key, revision, toJSONText(object), labelsOf(object));
  }

  /** Read back from the log. */
  static fromText(key: string, revision: number, json: string): Stored {
    return new Stored(key, revision, json, labelsOf(fromJSONText(json)));
  }

  get namespace(): string {
    const slash = this.key.indexOf('/');
    return slash < 0 ? '' : this.key.slice(0, slash);
  }

  get name(): string {
    return this.key.slice(this.key.indexOf('/') + 1);
  }

  /** A fresh copy that the caller owns. */
  object(): ObjectValue {
    return fromJSONText(this.json);
  }

  /** What `make` gives, computed once for each `form` and kept as long as this version is. */
  form<T>(form: string, make: () => T): T {
    if (!this.#forms.has(form)) this.#forms.set(form, make());
    return this.#forms.get(form) as T;
  }
}

const noLabels: Readonly<Record<string, Value>> = Object.freeze({});

function labelsOf(object: ObjectValue): Readonly<Record<string, Value>> {
  const metadata = object['metadata'];
  const labels = isObject(metadata) ? metadata['labels'] : undefined;
  return isObject(labels) && Object.keys(labels).length > 0 ? { ...labels } : noLabels;
}
