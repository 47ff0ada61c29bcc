import type { ComprehensionKind, Expr } from '../ast.ts';
import type { Checked, ResolvedCall } from '../checked.ts';
import type { Declaration } from '../declaration.ts';
import { dyn, type CelType } from '../type.ts';
import { pointCount } from '../library/text.ts';
import { estimateCall } from './call-estimate.ts';
import type { Entries, Estimated } from './estimated.ts';
import { anySize, fixed, plus, sum, times, union, type Range } from './range.ts';

type Local = Pick<Estimated, 'path' | 'size' | 'entries'>;

/** The most that evaluating an expression over values of these declarations can cost (cel-go, checker/cost.go). */
export function estimateCost(checked: Checked, root: Declaration): Range {
  return new Estimator(checked, root).visit(checked.expr).cost;
}

class Estimator {
  readonly #checked: Checked;
  readonly #root: Declaration;
  readonly #locals: (readonly [string, Local])[] = [];

  constructor(checked: Checked, root: Declaration) {
    this.#checked = checked;
    this.#root = root;
  }

  visit(expr: Expr): Estimated {
    const type = this.#checked.types.get(expr) ?? dyn;
    const found = this.#node(expr);
    const path = found.path;
    return {
      expr,
      type,
      path,
      cost: found.cost,
      entries: found.entries,
      // What the schema says of a variable goes before what was found out when it was set.
      size: found.size ?? literalSize(expr) ?? this.sizeAt(path) ?? typeSize(type) ?? this.#local(expr)?.size,
    };
  }

  #local(expr: Expr): Local | undefined {
    return expr.node === 'ident' ? this.#locals.findLast(([name]) => name === expr.name)?.[1] : undefined;
  }

  /** The size that the schema gives at a path. */
  sizeAt(path: readonly string[] | undefined): Range | undefined {
    if (path === undefined || path.length === 0) return undefined;
    let node: Declaration | undefined = this.#root;
    for (const step of path.slice(1)) {
      if (step === '@indices') return undefined;
      // Keys of maps have no size of their own, so what is done with them is thought to be free.
      if (step === '@keys') return node?.type.kind === 'map' ? fixed(0) : undefined;
      node = step.startsWith('@') ? node?.element : node?.fields?.get(step)?.type;
      if (node === undefined) return undefined;
    }
    return { min: 0, max: node.maxElements };
  }

  #node(expr: Expr): Partial<Estimated> & { readonly cost: Range } {
    switch (expr.node) {
      case 'literal':
        return { cost: fixed(0) };
      case 'ident': {
        const local = this.#local(expr);
        return local
          ? { path: local.path, entries: local.entries, cost: fixed(1) }
          : { cost: fixed(1), path: [expr.name] };
      }
      case 'select':
        return this.#select(expr);
      case 'has':
        return { cost: this.visit(expr.operand).cost };
      case 'call':
        return this.#call(expr);
      case 'list': {
        const items = expr.items.map((item) => this.visit(item));
        const value = joined(items.map(({ size }) => size ?? anySize));
        return {
          cost: plus(sum(items.map(({ cost }) => cost)), fixed(10)),
          entries: { isList: true, key: fixed(1), value },
        };
      }
      case 'map':
        return this.#map(expr);
      case 'comprehension':
        return this.#comprehension(expr);
      case 'bind': {
        const value = this.visit(expr.value);
        const body = this.#scoped([[expr.name, value]], () => this.visit(expr.body));
        return { cost: plus(plus(fixed(10), value.cost), body.cost), size: body.size, entries: body.entries };
      }
    }
  }

  #select(expr: Extract<Expr, { node: 'select' }>): Partial<Estimated> & { readonly cost: Range } {
    const operand = this.visit(expr.operand);
    const { kind } = operand.type;
    const counts = kind === 'map' || kind === 'object' || expr.optional;
    const path = stepped(operand.path, expr.field);
    return { cost: counts ? plus(operand.cost, fixed(1)) : operand.cost, path };
  }

  #map(expr: Extract<Expr, { node: 'map' }>): Partial<Estimated> & { readonly cost: Range } {
    const keys = expr.entries.map(({ key }) => this.visit(key));
    const values = expr.entries.map(({ value }) => this.visit(value));
    return {
      cost: plus(sum([...keys, ...values].map(({ cost }) => cost)), fixed(30)),
      entries: {
        isList: false,
        key: joined(keys.map(({ size }) => size ?? anySize)),
        value: joined(values.map(({ size }) => size ?? anySize)),
      },
    };
  }

  #call(expr: Extract<Expr, { node: 'call' }>): Partial<Estimated> & { readonly cost: Range } {
    const call = this.#checked.calls.get(expr);
    if (call === undefined) return { cost: fixed(0) };
    const args = call.args.map((arg) => this.visit(arg));
    const [first, second, third] = args;
    if (call.name === 'dyn' && first)
      return { cost: plus(fixed(1), first.cost), size: first.size, entries: first.entries };
    if ((call.name === '_&&_' || call.name === '_||_') && first && second)
      return { cost: { min: first.cost.min, max: plus(first.cost, second.cost).max } };
    if (call.name === '_?_:_' && first && second && third)
      return {
        cost: plus(first.cost, union(second.cost, third.cost)),
        size: union(second.size ?? anySize, third.size ?? anySize),
        entries: bothEntries(second.entries, third.entries),
      };
    return this.#plainCall(call, args);
  }

  #plainCall(call: ResolvedCall, args: readonly Estimated[]): Partial<Estimated> & { readonly cost: Range } {
    const { cost, size } = estimateCall(call, args, (list) => this.#element(list));
    const total = plus(cost, sum(args.map((arg) => arg.cost)));
    const [first, second] = args;
    if (call.name === '_[_]' && first) {
      const step = first.type.kind === 'list' ? '@items' : '@values';
      return { cost: total, path: stepped(first.path, step), size: first.entries?.value };
    }
    const entries = call.name === '_+_' ? bothEntries(first?.entries, second?.entries) : undefined;
    return { cost: total, size, entries };
  }

  /** What is known of a list's items: their type, and the size that the schema gives them. */
  #element(list: Estimated): { readonly type: CelType; readonly size: Range } | undefined {
    if (list.type.kind !== 'list') return undefined;
    const path = list.path && [...list.path, '@items'];
    return { type: list.type.element, size: this.sizeAt(path) ?? anySize };
  }

  #scoped<T>(locals: readonly (readonly [string, Local])[], run: () => T): T {
    this.#locals.push(...locals);
    const result = run();
    this.#locals.length -= locals.length;
    return result;
  }

  #comprehension(expr: Extract<Expr, { node: 'comprehension' }>): Partial<Estimated> & { readonly cost: Range } {
    const range = this.visit(expr.range);
    const isList = range.entries?.isList ?? range.type.kind === 'list';
    const step = (name: string, size: Range | undefined): Local => ({
      path: stepped(range.path, name),
      size,
      entries: undefined,
    });
    const key = step(isList ? '@indices' : '@keys', range.entries?.key);
    const value = step(isList ? '@items' : '@values', range.entries?.value);
    const variables = expr.variables.length === 2 ? [key, value] : [isList ? value : key];
    const locals = expr.variables.map((name, position) => [name, variables[position] ?? value] as const);
    const [body, filter] = this.#scoped(locals, () => [this.visit(expr.body), expr.filter && this.visit(expr.filter)]);
    const fold = folds[expr.kind];
    const kept = fold.round(body.cost);
    const round = filter ? plus(filter.cost, union(kept, fixed(1))) : kept;
    const count = range.size ?? anySize;
    const cost = sum([range.cost, fixed(fold.init), times(count, round), fixed(fold.result)]);
    if (fold.init === 0) return { cost, size: fixed(1) };
    if (expr.kind !== 'map' && expr.kind !== 'filter') return { cost, size: count };
    const item = expr.kind === 'map' ? body.size : (value.size ?? this.sizeAt(value.path) ?? elementSize(range.type));
    return { cost, size: count, entries: { isList: true, key: fixed(1), value: union(fixed(0), item ?? anySize) } };
  }
}

/** What the fold costs that each macro stands for: to start, for each round, and for its result. */
const folds: Readonly<
  Record<ComprehensionKind, { readonly init: number; readonly result: number; round(body: Range): Range }>
> = {
  all: { init: 0, result: 1, round: (body) => ({ min: 3, max: plus(body, fixed(3)).max }) },
  exists: { init: 0, result: 1, round: (body) => ({ min: 4, max: plus(body, fixed(4)).max }) },
  existsOne: { init: 0, result: 2, round: (body) => plus(body, { min: 1, max: 2 }) },
  map: { init: 10, result: 1, round: (body) => plus(body, fixed(12)) },
  filter: { init: 10, result: 1, round: (body) => plus(body, { min: 1, max: 13 }) },
  transformMap: { init: 30, result: 1, round: (body) => plus(body, fixed(3)) },
  transformMapEntry: { init: 30, result: 1, round: (body) => plus(body, fixed(2)) },
};

/** A part of what has no path gets one all the same, which then leads to the root's size (as in cel-go). */
const stepped = (path: readonly string[] | undefined, step: string): readonly string[] => [...(path ?? []), step];

function joined(sizes: readonly Range[]): Range {
  const [first, ...rest] = sizes;
  return first === undefined ? fixed(0) : rest.reduce(union, first);
}

function bothEntries(a: Entries | undefined, b: Entries | undefined): Entries | undefined {
  if (!a || !b) return undefined;
  return { isList: a.isList, key: union(a.key, b.key), value: union(a.value, b.value) };
}

function literalSize(expr: Expr): Range | undefined {
  if (expr.node === 'list') return fixed(expr.items.length);
  if (expr.node === 'map') return fixed(expr.entries.length);
  if (expr.node !== 'literal') return undefined;
  if (typeof expr.value === 'string') return fixed(pointCount(expr.value));
  return expr.value instanceof Uint8Array ? fixed(expr.value.length) : fixed(1);
}

const scalars: ReadonlySet<string> = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

function typeSize(type: CelType): Range | undefined {
  if (type.kind === 'optional') return typeSize(type.element);
  return scalars.has(type.kind) ? fixed(1) : undefined;
}

const elementSize = (list: CelType): Range | undefined => (list.kind === 'list' ? typeSize(list.element) : undefined);
