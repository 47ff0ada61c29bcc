import type { TypeSchema } from '../type-schema.ts';
import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { elementOf } from './list-element.ts';
import { fieldSchema, shapeOf } from './shape.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';

type Maybe = Value | undefined;

const keepApplied = (live: Maybe, applied: Maybe): Maybe => (applied === undefined ? live : applied);

function mergeMaps(shape: MapShape, live: Maybe, applied: Maybe): Maybe {
  const left = isObject(live) ? live : {};
  const right = isObject(applied) ? applied : {};
  const names = [...Object.keys(left), ...Object.keys(right).filter((name) => !Object.hasOwn(left, name))];
  if (shape.map === 'atomic' || names.length === 0) return keepApplied(live, applied);
  const merged: ObjectValue = {};
  for (const name of names) {
    const schema = fieldSchema(shape, name) ?? { type: 'untyped' };
    const value = mergeValues(schema, left[name], right[name]);
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** Elements of a list in order, and the first item of each; of duplicates none is merged with another. */
interface Indexed {
  readonly elements: readonly string[];
  readonly items: ReadonlyMap<string, Maybe>;
}

function index(shape: ListShape, list: readonly Value[]): Indexed {
  const elements = list.map((item) => elementOf(shape, item));
  const items = new Map<string, Maybe>();
  for (const [at, element] of elements.entries()) items.set(element, items.has(element) ? null : list[at]);
  return { elements, items };
}

/**
 * The order of merged lists: applied items in their own order, each live item that was not applied where it stood
 * relative to the shared ones. One walk over both lists; `shared` are the applied items that are live, too.
 */
class ListMerge {
  readonly merged: Value[] = [];
  readonly #shape: ListShape;
  readonly #live: Indexed;
  readonly #applied: Indexed;
  readonly #shared: string[];
  readonly #taken = new Set<string>();

  constructor(shape: ListShape, live: readonly Value[], applied: readonly Value[]) {
    this.#shape = shape;
    this.#live = index(shape, live);
    this.#applied = index(shape, applied);
    this.#shared = this.#applied.elements.filter((element) => this.#live.items.has(element));
    this.#walk(live);
  }

  #push(live: Maybe, applied: Maybe): void {
    const value = mergeValues(this.#shape.item, live, applied);
    if (value !== undefined) this.merged.push(value);
  }

  #takeApplied(element: string): void {
    this.#taken.add(element);
    this.#push(this.#live.items.get(element), this.#applied.items.get(element));
    if (this.#shared[0] === element) this.#shared.shift();
  }

  #walk(live: readonly Value[]): void {
    const { elements: left } = this.#live;
    const { elements: right } = this.#applied;
    for (let l = 0, r = 0; l < left.length || r < right.length;) {
      const liveElement = left[l];
      const appliedElement = right[r];
      if (liveElement !== undefined && liveElement === appliedElement) {
        this.#takeApplied(liveElement);
        l++;
        r++;
      } else if (liveElement !== undefined && !this.#applied.items.has(liveElement)) {
        this.#push(live[l], undefined);
        l++;
      } else if (liveElement !== undefined && appliedElement !== undefined && this.#isPassedOver(liveElement)) {
        l++;
      } else {
        if (liveElement !== undefined && this.#taken.has(liveElement)) l++;
        if (appliedElement === undefined) continue;
        this.#takeApplied(appliedElement);
        r++;
      }
    }
  }

  /** A shared item that is not the one whose turn it is: it comes where it was applied. */
  #isPassedOver(element: string): boolean {
    return this.#shared.length > 0 && this.#shared[0] !== element;
  }
}

function mergeLists(shape: ListShape, live: Maybe, applied: Maybe): Maybe {
  const left = Array.isArray(live) ? live : [];
  const right = Array.isArray(applied) ? applied : [];
  if (shape.list === 'atomic' || (left.length === 0 && right.length === 0)) return keepApplied(live, applied);
  return new ListMerge(shape, left, right).merged;
}

function mergeAs(shape: Shape, live: Maybe, applied: Maybe): Maybe {
  if (shape.type === 'scalar') return keepApplied(live, applied);
  return shape.type === 'map' ? mergeMaps(shape, live, applied) : mergeLists(shape, live, applied);
}

function mergeValues(schema: TypeSchema, live: Maybe, applied: Maybe): Maybe {
  if (applied === undefined) return live;
  return mergeAs(shapeOf(schema, applied), live, applied);
}

/** Puts an applied object into the live one: maps and keyed lists merge, all else is taken from what is applied. */
export function mergeObjects(schema: TypeSchema, live: ObjectValue, applied: ObjectValue): ObjectValue {
  const merged = mergeValues(schema, live, applied);
  return isObject(merged) ? merged : {};
}
