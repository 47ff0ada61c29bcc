import { parseType, splitTop, type CelType } from './type.ts';
import type { CelValue } from './value.ts';

/** One form of a function. A method's receiver is its first parameter. */
export interface Overload {
  readonly name: string;
  readonly isMethod: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  readonly call: Implementation;
}

/** Gets arguments that are no failures; gives a failure if it fails. */
export type Implementation = (...args: readonly CelValue[]) => CelValue;

/** All overloads by name. */
export type FunctionTable = ReadonlyMap<string, readonly Overload[]>;

/** Signatures in CEL's words and what they do: `['string.contains(string): bool', …]`. */
export type Library = readonly (readonly [signature: string, call: Implementation])[];

const pattern = /^(?:(.+)\.)?([\w@$.?:[\]!&|<>=+\-*/%]+)\((.*)\):\s*(.+)$/;

/** A receiver is a type, a namespace is not: `sets.contains(…)` is no method. */
const receiverType = /^(?:list<.*>|map<.*>|optional<.*>|[a-z]+|[A-Z]\w*)$/;
const namespaces: ReadonlySet<string> = new Set(['optional', 'sets', 'format', 'ip', 'strings', 'lists', 'jsonpatch']);

function parseSignature([signature, call]: Library[number]): Overload {
  const open = signature.indexOf('(');
  const head = signature.slice(0, open);
  const dot = head.startsWith('_') ? -1 : lastTopDot(head);
  const receiver = dot < 0 ? '' : head.slice(0, dot);
  const isMethod = receiver !== '' && receiverType.test(receiver) && !namespaces.has(receiver);
  const [, , , params = '', result = ''] = pattern.exec(`x${signature.slice(open)}`) ?? [];
  const types = splitTop(params).map(parseType);
  return {
    name: isMethod ? head.slice(dot + 1) : head,
    isMethod,
    params: isMethod ? [parseType(receiver), ...types] : types,
    result: parseType(result),
    call,
  };
}

function lastTopDot(text: string): number {
  const close = text.lastIndexOf('>');
  return text.indexOf('.', close + 1);
}

/** Puts libraries together. */
export function functionTable(...libraries: readonly Library[]): FunctionTable {
  const table = new Map<string, Overload[]>();
  for (const overload of libraries.flat().map(parseSignature)) {
    const known = table.get(overload.name) ?? [];
    known.push(overload);
    table.set(overload.name, known);
  }
  return table;
}
