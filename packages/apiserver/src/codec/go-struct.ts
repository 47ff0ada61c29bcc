import type { ObjectValue, Value } from '../value.ts';
import type { DecodeState, StrictProblems } from './decode-state.ts';
import type { GoCodec } from './go-codec.ts';
import type { ExactObject, ExactValue } from './number-literal.ts';
import { isExactObject } from './number-literal.ts';

/** A field's name, its codec and Go's rules for leaving it out. */
export interface StructField {
  readonly json: string;
  /** How errors name it: with the names of embedded structs before it. */
  readonly goPath: string;
  readonly codec: GoCodec;
  /** What is printed for a decoded value; undefined leaves the field out. */
  readonly print: (decoded: Value | undefined) => Value | undefined;
}

/** A Go struct. Its fields are looked up when it is first used, as types refer to each other in circles. */
export class StructCodec implements GoCodec {
  readonly name: string;
  readonly #goName: string;
  readonly #makeFields: () => readonly StructField[];
  #fields: readonly StructField[] | undefined;
  #byName: ReadonlyMap<string, StructField> | undefined;

  constructor(name: string, makeFields: () => readonly StructField[]) {
    this.name = name;
    this.#goName = name.slice(name.lastIndexOf('.') + 1);
    this.#makeFields = makeFields;
  }

  get fields(): readonly StructField[] {
    this.#fields ??= this.#makeFields();
    return this.#fields;
  }

  decode(value: ExactValue, state: DecodeState): Value | undefined {
    if (value === null) return undefined;
    if (!isExactObject(value)) throw state.typeError(value, this.name);
    const object: ObjectValue = {};
    let known = 0;
    for (const field of this.fields) {
      const printed = this.#decodeField(field, value, state);
      if (value[field.json] !== undefined) known++;
      if (printed !== undefined) object[field.json] = printed;
    }
    if (known !== Object.keys(value).length) state.hasUnknown = true;
    return object;
  }

  #decodeField(field: StructField, value: ExactObject, state: DecodeState): Value | undefined {
    const raw = value[field.json];
    if (raw === undefined) return field.print(undefined);
    state.enter(this.#goName, field.goPath);
    const decoded = field.codec.decode(raw, state);
    state.leave();
    return field.print(decoded);
  }

  zero(): Value {
    const object: ObjectValue = {};
    for (const { json, print } of this.fields) {
      const printed = print(undefined);
      if (printed !== undefined) object[json] = printed;
    }
    return object;
  }

  /** `omitempty` never leaves out a struct. */
  isEmpty(): boolean {
    return false;
  }

  findProblems(value: ExactValue, path: string, problems: StrictProblems): void {
    if (!isExactObject(value)) return;
    this.#byName ??= new Map(this.fields.map((field) => [field.json, field]));
    const seen = new Set<string>();
    for (const [key, item] of problems.pairsOf(value)) {
      const place = path === '' ? key : `${path}.${key}`;
      const field = this.#byName.get(key);
      if (field === undefined) problems.add('unknown', place);
      else if (seen.has(key)) problems.add('duplicate', place);
      seen.add(key);
      field?.codec.findProblems?.(item, place, problems);
    }
  }
}
