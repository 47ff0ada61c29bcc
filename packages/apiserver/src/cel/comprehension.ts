import type { ComprehensionKind, Expr } from './ast.ts';
import type { Frame, Step } from './frame.ts';
import { noOverload } from './library/operator.ts';
import { ArrayList, EntryMap, Failure, isList, isMap, typeNameOf, type CelValue } from './value.ts';

type Comprehension = Extract<Expr, { node: 'comprehension' }>;

/** What one round of the loop that a macro stands for costs besides its parts (cel-go expands macros to folds). */
const roundCost: Readonly<Record<ComprehensionKind, number>> = {
  all: 3,
  exists: 4,
  existsOne: 1,
  map: 12,
  filter: 2,
  transformMap: 3,
  transformMapEntry: 3,
};

/** Gets each element; a result other than undefined ends the loop. */
type Visit = (key: CelValue, value: CelValue) => CelValue | undefined;

function visitRange(range: CelValue, two: boolean, visit: Visit): CelValue | undefined {
  if (isList(range)) {
    for (let at = 0; at < range.size; at++) {
      const item = range.at(at);
      const result = two ? visit(BigInt(at), item) : visit(item, item);
      if (result !== undefined) return result;
    }
    return undefined;
  }
  if (!isMap(range)) return new Failure(`got '${typeNameOf(range)}', expected iterable type`);
  for (const key of range.keys()) {
    const result = visit(key, two ? (range.get(key) ?? null) : key);
    if (result !== undefined) return result;
  }
  return undefined;
}

/** Compiles a macro's loop. */
export function compileComprehension(expr: Comprehension, compile: (part: Expr) => Step): Step {
  const range = compile(expr.range);
  const body = compile(expr.body);
  const filter = expr.filter && compile(expr.filter);
  const [first = '', second] = expr.variables;
  const cost = roundCost[expr.kind];
  const run = loops[expr.kind];
  return (frame) => {
    const over = range(frame);
    if (over instanceof Failure) return over;
    const inScope = (step: Step, key: CelValue, value: CelValue): CelValue =>
      frame.scoped(first, key, () =>
        second === undefined ? step(frame) : frame.scoped(second, value, () => step(frame)),
      );
    const each = (visit: (value: CelValue, key: CelValue) => CelValue | undefined): CelValue | undefined =>
      visitRange(over, second !== undefined, (key, value) => {
        const spent = frame.spend(cost);
        if (spent) return spent;
        if (filter) {
          const kept = inScope(filter, key, value);
          if (kept instanceof Failure) return kept;
          if (kept !== true) return undefined;
        }
        return visit(inScope(body, key, value), key);
      });
    return run(each, frame);
  };
}

type Each = (visit: (value: CelValue, key: CelValue) => CelValue | undefined) => CelValue | undefined;

/** `all` and `exists`: an error counts only if no element decides. */
function quantifier(decisive: boolean): (each: Each) => CelValue {
  return (each) => {
    let failure: CelValue | undefined;
    const decided = each((value) => {
      if (value === decisive || (value instanceof Failure && value.fatal)) return value;
      if (value instanceof Failure) failure ??= value;
      return undefined;
    });
    return decided ?? failure ?? !decisive;
  };
}

const asFailure = (value: CelValue | undefined): Failure | undefined => (value instanceof Failure ? value : undefined);

const existsOne = (each: Each): CelValue => {
  let count = 0;
  const failed = each((value) => {
    if (value === true) count += 1;
    return asFailure(value);
  });
  return failed ?? count === 1;
};

const mapped = (each: Each): CelValue => {
  const items: CelValue[] = [];
  const failed = each((value) => {
    items.push(value);
    return asFailure(value);
  });
  return failed ?? new ArrayList(items);
};

const filtered = (each: Each): CelValue => {
  const items: CelValue[] = [];
  const failed = each((value, key) => {
    if (value === true) items.push(key);
    return asFailure(value);
  });
  return failed ?? new ArrayList(items);
};

const transformed = (each: Each): CelValue => {
  const map = new EntryMap();
  const failed = each((value, key) => {
    map.set(key, value);
    return asFailure(value);
  });
  return failed ?? map;
};

const transformedEntries = (each: Each): CelValue => {
  const map = new EntryMap();
  const failed = each((value) => {
    if (value instanceof Failure) return value;
    if (!isMap(value)) return noOverload();
    for (const key of value.keys()) {
      if (map.get(key) !== undefined) return new Failure(`insert failed: key ${String(key)} already exists`);
      map.set(key, value.get(key) ?? null);
    }
    return undefined;
  });
  return failed ?? map;
};

const loops: Readonly<Record<ComprehensionKind, (each: Each, frame: Frame) => CelValue>> = {
  all: quantifier(false),
  exists: quantifier(true),
  existsOne,
  map: mapped,
  filter: filtered,
  transformMap: transformed,
  transformMapEntry: transformedEntries,
};
