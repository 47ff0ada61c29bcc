import type { ComprehensionKind, Expr, Issue } from './ast.ts';

export interface MacroCall {
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  readonly at: number;
}

/** Comprehension macros by name and number of arguments: how many variables, and whether a filter comes before the body. */
const comprehensions: Readonly<
  Record<string, { readonly kind: ComprehensionKind; readonly variables: 1 | 2; readonly filter: boolean }>
> = {
  'all/2': { kind: 'all', variables: 1, filter: false },
  'exists/2': { kind: 'exists', variables: 1, filter: false },
  'exists_one/2': { kind: 'existsOne', variables: 1, filter: false },
  'map/2': { kind: 'map', variables: 1, filter: false },
  'map/3': { kind: 'map', variables: 1, filter: true },
  'filter/2': { kind: 'filter', variables: 1, filter: false },
  'all/3': { kind: 'all', variables: 2, filter: false },
  'exists/3': { kind: 'exists', variables: 2, filter: false },
  'exists_one/3': { kind: 'existsOne', variables: 2, filter: false },
  'existsOne/3': { kind: 'existsOne', variables: 2, filter: false },
  'transformList/3': { kind: 'map', variables: 2, filter: false },
  'transformList/4': { kind: 'map', variables: 2, filter: true },
  'transformMap/3': { kind: 'transformMap', variables: 2, filter: false },
  'transformMap/4': { kind: 'transformMap', variables: 2, filter: true },
  'transformMapEntry/3': { kind: 'transformMapEntry', variables: 2, filter: false },
  'transformMapEntry/4': { kind: 'transformMapEntry', variables: 2, filter: true },
};

/** What a macro stands for; an issue if it is used wrongly, undefined if the call is none. */
export function expandMacro(call: MacroCall): Expr | Issue | undefined {
  const { name, target, args } = call;
  if (target === undefined) return name === 'has' && args.length === 1 ? expandHas(call) : undefined;
  const key = `${name}/${args.length}`;
  const comprehension = Object.hasOwn(comprehensions, key) ? comprehensions[key] : undefined;
  if (comprehension) return expandComprehension(call, target, comprehension);
  if (key === 'optMap/2' || key === 'optFlatMap/2') return expandOptional(call, target);
  if (key === 'sortBy/2') return expandSortBy(call, target);
  return undefined;
}

function expandHas({ args, at }: MacroCall): Expr | Issue {
  const [arg] = args;
  if (arg?.node === 'select' && !arg.optional) return { node: 'has', operand: arg.operand, field: arg.field, at };
  return { at: arg?.at ?? at, message: 'invalid argument to has() macro' };
}

function expandComprehension(
  { args }: MacroCall,
  range: Expr,
  {
    kind,
    variables: count,
    filter,
  }: { readonly kind: ComprehensionKind; readonly variables: 1 | 2; readonly filter: boolean },
): Expr | Issue {
  const names: string[] = [];
  for (const arg of args.slice(0, count)) {
    if (arg.node !== 'ident') return { at: arg.at, message: 'argument must be a simple name' };
    names.push(arg.name);
  }
  const body = args.at(-1) ?? range;
  const condition = filter ? args[count] : undefined;
  return { node: 'comprehension', kind, range, variables: names, filter: condition, body, at: range.at };
}

/** `o.optMap(v, f)` is `o.hasValue() ? optional.of(f with v) : optional.none()`. */
function expandOptional({ name, args, at }: MacroCall, target: Expr): Expr | Issue {
  const [variable, body] = args;
  if (variable?.node !== 'ident' || body === undefined)
    return { at: variable?.at ?? at, message: `${name}() variable name must be a simple identifier` };
  const call = (method: string, on: Expr | undefined, ...rest: readonly Expr[]): Expr => ({
    node: 'call',
    name: method,
    target: on,
    args: rest,
    at,
  });
  const bound: Expr = { node: 'bind', name: variable.name, value: call('value', target), body, at };
  const some = name === 'optMap' ? call('optional.of', undefined, bound) : bound;
  return call('_?_:_', undefined, call('hasValue', target), some, call('optional.none', undefined));
}

/** `l.sortBy(x, key)` sorts by the list of keys. */
function expandSortBy({ args, at }: MacroCall, target: Expr): Expr | Issue {
  const [variable, body] = args;
  if (variable?.node !== 'ident' || body === undefined)
    return { at: variable?.at ?? at, message: 'sortBy() variable name must be a simple identifier' };
  const name = '@sortBy input';
  const input: Expr = { node: 'ident', name, at };
  const keys: Expr = {
    node: 'comprehension',
    kind: 'map',
    range: input,
    variables: [variable.name],
    filter: undefined,
    body,
    at,
  };
  const sorted: Expr = { node: 'call', name: '@sortByAssociatedKeys', target: input, args: [keys], at };
  return { node: 'bind', name, value: target, body: sorted, at };
}
