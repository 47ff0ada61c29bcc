import type { Expr } from './ast.ts';
import type { Checked, ResolvedCall } from './checked.ts';
import { compileComprehension } from './comprehension.ts';
import type { Step } from './frame.ts';
import { fits } from './dispatch.ts';
import type { Overload } from './functions.ts';
import { lookup, noOverload } from './library/operator.ts';
import { callCost } from './runtime-cost.ts';
import { ArrayList, EntryMap, Failure, isMap, Optional, TypeValue, type CelValue } from './value.ts';

/** Compiles a checked expression into closures. */
export function compileSteps(checked: Checked): Step {
  return compile(checked.expr, checked);
}

function compile(expr: Expr, checked: Checked): Step {
  switch (expr.node) {
    case 'literal': {
      const { value } = expr;
      return () => value;
    }
    case 'ident':
      return compileIdent(expr.name);
    case 'select':
      return compileSelect(compile(expr.operand, checked), expr.field, expr.optional);
    case 'has':
      return compileHas(compile(expr.operand, checked), expr.field);
    case 'call':
      return compileCall(expr, checked);
    case 'list':
      return compileList(expr, checked);
    case 'map':
      return compileMap(expr, checked);
    case 'comprehension':
      return compileComprehension(expr, (part) => compile(part, checked));
    case 'bind': {
      const [value, body] = [compile(expr.value, checked), compile(expr.body, checked)];
      return (frame) => {
        const bound = value(frame);
        return bound instanceof Failure ? bound : frame.scoped(expr.name, bound, () => body(frame));
      };
    }
  }
}

const typeValues: Readonly<Record<string, string>> = { null_type: 'null_type' };

function compileIdent(name: string): Step {
  return (frame) => {
    const value = frame.variables.get(name);
    const over = frame.spend(1);
    if (over) return over;
    return value === undefined ? new TypeValue(typeValues[name] ?? name) : value;
  };
}

const noSuchKey = (field: string): Failure => new Failure(`no such key: ${field}`);

function compileSelect(operand: Step, field: string, optional: boolean): Step {
  return (frame) => {
    const from = operand(frame);
    if (from instanceof Failure) return from;
    const over = frame.spend(1);
    if (over) return over;
    const found = fieldOf(from, field);
    if (found instanceof Failure) return found;
    return optional || from instanceof Optional ? new Optional(found) : (found ?? noSuchKey(field));
  };
}

function fieldOf(from: CelValue, field: string): CelValue | undefined {
  if (from instanceof Optional) return from.value === undefined ? undefined : fieldOf(from.value, field);
  return isMap(from) ? lookup(from, field) : undefined;
}

function compileHas(operand: Step, field: string): Step {
  return (frame) => {
    const from = operand(frame);
    if (from instanceof Failure) return from;
    const found = fieldOf(from, field);
    return found instanceof Failure ? found : found !== undefined;
  };
}

function compileCall(expr: Extract<Expr, { node: 'call' }>, checked: Checked): Step {
  const call = checked.calls.get(expr);
  if (call === undefined) return () => new Failure(`no such overload: ${expr.name}`);
  const args = call.args.map((arg) => compile(arg, checked));
  const [first, second, third] = args;
  if (call.name === '_&&_' && first && second) return compileJunction(first, second, false);
  if (call.name === '_||_' && first && second) return compileJunction(first, second, true);
  if (call.name === '_?_:_' && first && second && third) return compileConditional(first, second, third);
  const choose = compileChoice(call);
  return (frame) => {
    const values: CelValue[] = [];
    for (const arg of args) {
      const value = arg(frame);
      if (value instanceof Failure) return value;
      values.push(value);
    }
    const overload = choose(values);
    const result =
      overload === undefined
        ? noOverload(call.overloads.length > 1 && !/^[_!@-]/.test(call.name) ? call.name : '')
        : overload.call(...values);
    return frame.spend(callCost(call.name, values, result)) ?? result;
  };
}

/** With dyn arguments the values decide which overload is meant. */
function compileChoice({ name, overloads }: ResolvedCall): (values: readonly CelValue[]) => Overload | undefined {
  const [first] = overloads;
  const checksItself = /^[_!@-]/.test(name) && overloads.every(({ call }) => call === first?.call);
  if (checksItself || (overloads.length === 1 && first?.params.every(({ kind }) => kind === 'param')))
    return () => first;
  return (values) => overloads.find(({ params }) => params.every((param, at) => fits(values[at] ?? null, param)));
}

/** `&&` and `||`: one side may fail if the other one decides. */
function compileJunction(left: Step, right: Step, decisive: boolean): Step {
  return (frame) => {
    const a = left(frame);
    if (a === decisive || (a instanceof Failure && a.fatal)) return a;
    const b = right(frame);
    if (b === decisive || (b instanceof Failure && b.fatal)) return b;
    if (a instanceof Failure) return a;
    if (b instanceof Failure) return b;
    return typeof a === 'boolean' && typeof b === 'boolean' ? !decisive : noOverload();
  };
}

function compileConditional(condition: Step, yes: Step, no: Step): Step {
  return (frame) => {
    const chosen = condition(frame);
    if (chosen instanceof Failure) return chosen;
    return typeof chosen === 'boolean' ? (chosen ? yes : no)(frame) : noOverload();
  };
}

const listCost = 10;
const mapCost = 30;

function compileList(expr: Extract<Expr, { node: 'list' }>, checked: Checked): Step {
  const steps = expr.items.map((item) => compile(item, checked));
  return (frame) => {
    const items: CelValue[] = [];
    for (const [position, step] of steps.entries()) {
      const value = step(frame);
      if (value instanceof Failure) return value;
      if (!expr.optional.has(position)) items.push(value);
      else if (value instanceof Optional && value.value !== undefined) items.push(value.value);
    }
    return frame.spend(listCost) ?? new ArrayList(items);
  };
}

function compileMap(expr: Extract<Expr, { node: 'map' }>, checked: Checked): Step {
  const steps = expr.entries.map(({ key, value, optional }) => ({
    key: compile(key, checked),
    value: compile(value, checked),
    optional,
  }));
  return (frame) => {
    const map = new EntryMap(expr.typeName);
    for (const step of steps) {
      const key = step.key(frame);
      if (key instanceof Failure) return key;
      const value = step.value(frame);
      if (value instanceof Failure) return value;
      const present = step.optional && value instanceof Optional ? value.value : value;
      if (present !== undefined) map.set(key, present);
    }
    return frame.spend(mapCost) ?? map;
  };
}
