import { isObject } from '../value.ts';
import type { Value } from '../value.ts';

/** One step from a value to values in it. */
type Step = (value: Value) => readonly Value[];

const token =
  /^(?:\.?\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\*)|(-?\d+)|(-?\d*):(-?\d*)|\?\(\s*@([^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*\))\s*\]|\.(\*)|\.((?:[^.[\]\\]|\\.)+))/;

/** Reads a JSON path such as `.spec.replicas` or `.status.conditions[?(@.type=="Ready")].status`; undefined if it is none. */
export function parseJSONPath(path: string): ((value: Value) => readonly Value[]) | undefined {
  const steps: Step[] = [];
  for (let rest = path; rest !== '';) {
    const match = token.exec(rest);
    if (match === null) return undefined;
    const step = stepOf(match);
    if (step === undefined) return undefined;
    steps.push(step);
    rest = rest.slice(match[0].length);
  }
  return (value) => steps.reduce<readonly Value[]>((values, step) => values.flatMap(step), [value]);
}

function stepOf(match: RegExpExecArray): Step | undefined {
  const [, single, double, anyItem, index, from, to, filtered, operator, literal, anyField, field] = match;
  if (anyItem !== undefined || anyField !== undefined) return everyChild;
  if (index !== undefined) return (value) => itemAt(value, Number(index));
  if (from !== undefined && to !== undefined) return (value) => slice(value, from, to);
  if (filtered !== undefined) return filterStep(filtered, operator, literal);
  const name = single ?? double ?? field ?? '';
  return child(name.replaceAll(/\\(.)/g, '$1'));
}

function child(name: string): Step {
  return (value) => {
    const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return found === undefined ? [] : [found];
  };
}

function everyChild(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function itemAt(value: Value, index: number): readonly Value[] {
  const found = Array.isArray(value) ? value.at(index) : undefined;
  return found === undefined ? [] : [found];
}

function slice(value: Value, from: string, to: string): readonly Value[] {
  if (!Array.isArray(value)) return [];
  return value.slice(from === '' ? 0 : Number(from), to === '' ? value.length : Number(to));
}

type Comparison = (left: Value, right: Value) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': ordered((left, right) => left < right),
  '<=': ordered((left, right) => left <= right),
  '>': ordered((left, right) => left > right),
  '>=': ordered((left, right) => left >= right),
};

/** Only numbers with numbers and texts with texts have an order. */
function ordered(compare: (left: number | string, right: number | string) => boolean): Comparison {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return compare(left, right);
    return typeof left === 'string' && typeof right === 'string' && compare(left, right);
  };
}

function filterStep(path: string, operator: string | undefined, literal: string | undefined): Step | undefined {
  const inner = parseJSONPath(path);
  if (inner === undefined) return undefined;
  const compare = operator === undefined ? undefined : comparisons[operator];
  const wanted = literal === undefined ? undefined : parseLiteral(literal);
  return (value) =>
    everyChild(value).filter((item) => {
      const [found] = inner(item);
      if (found === undefined) return false;
      return compare === undefined || wanted === undefined || compare(found, wanted);
    });
}

function parseLiteral(text: string): Value {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted !== null) return quoted[2] ?? '';
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isNaN(Number(text)) ? text : Number(text);
}
