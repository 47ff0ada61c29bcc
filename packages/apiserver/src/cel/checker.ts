import { qualifiedName, type Expr, type Issue } from './ast.ts';
import type { Checked, ResolvedCall } from './checked.ts';
import type { Environment } from './environment.ts';
import type { Overload } from './functions.ts';
import { checkLiterals } from './literal-check.ts';
import {
  boolType,
  dyn,
  isDyn,
  listOf,
  mapOf,
  optionalOf,
  sameType,
  simple,
  substitute,
  typeText,
  unify,
  type CelType,
  type Substitution,
} from './type.ts';
import { Uint, type CelValue } from './value.ts';

/** Types that may be named in an expression. */
const typeNames: ReadonlySet<string> = new Set([
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'bool',
  'list',
  'map',
  'null_type',
  'type',
]);

/** Finds the type of every part of an expression and the functions that it calls. */
export function check(expr: Expr, environment: Environment): Checked {
  const checker = new Checker(environment);
  const type = checker.check(expr);
  return checker.finish(expr, type);
}

const error: CelType = simple('error');

class Checker {
  readonly #environment: Environment;
  readonly #types = new Map<Expr, CelType>();
  readonly #calls = new Map<Expr, ResolvedCall>();
  readonly #references = new Set<string>();
  readonly #issues: Issue[] = [];
  readonly #scopes: (readonly [string, CelType])[] = [];
  readonly #known: Substitution = new Map();
  #fresh = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  finish(expr: Expr, type: CelType): Checked {
    const types = new Map<Expr, CelType>();
    for (const [node, found] of this.#types) types.set(node, substitute(found, this.#known, true));
    const issues =
      this.#issues.length > 0 ? this.#issues : checkLiterals(expr, this.#calls, (node) => types.get(node) ?? dyn);
    return {
      expr,
      type: substitute(type, this.#known, true),
      types,
      calls: this.#calls,
      references: this.#references,
      issues,
    };
  }

  check(expr: Expr): CelType {
    const type = this.#typeOf(expr);
    this.#types.set(expr, type);
    return type;
  }

  #report(expr: Expr, message: string): CelType {
    this.#issues.push({ at: expr.at, message });
    return error;
  }

  #resolved(type: CelType): CelType {
    return substitute(type, this.#known);
  }

  #param(): CelType {
    this.#fresh += 1;
    return { kind: 'param', name: `$${this.#fresh}` };
  }

  #typeOf(expr: Expr): CelType {
    switch (expr.node) {
      case 'literal':
        return literalType(expr.value);
      case 'ident':
        return this.#ident(expr);
      case 'select':
        return this.#select(expr, expr.operand, expr.field, expr.optional);
      case 'has':
        this.#select(expr, expr.operand, expr.field, false);
        return boolType;
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'comprehension':
        return this.#comprehension(expr);
      case 'bind': {
        const value = this.check(expr.value);
        return this.#scoped([[expr.name, value]], () => this.check(expr.body));
      }
    }
  }

  #scoped<T>(variables: readonly (readonly [string, CelType])[], run: () => T): T {
    this.#scopes.push(...variables);
    const result = run();
    this.#scopes.length -= variables.length;
    return result;
  }

  #ident(expr: Extract<Expr, { node: 'ident' }>): CelType {
    const local = this.#scopes.findLast(([name]) => name === expr.name);
    if (local) return local[1];
    const variable = this.#environment.variables.get(expr.name);
    if (variable) {
      this.#references.add(expr.name);
      return variable;
    }
    if (typeNames.has(expr.name)) return { kind: 'type' };
    return this.#report(expr, `undeclared reference to '${expr.name}' (in container '')`);
  }

  #select(expr: Expr, operand: Expr, field: string, optional: boolean): CelType {
    const type = this.#resolved(this.check(operand));
    const wasOptional = type.kind === 'optional';
    const found = this.#field(expr, wasOptional ? this.#resolved(type.element) : type, field);
    return optional || wasOptional ? optionalOf(found) : found;
  }

  #field(expr: Expr, type: CelType, field: string): CelType {
    if (type.kind === 'object') return type.field(field) ?? this.#report(expr, `undefined field '${field}'`);
    if (type.kind === 'map') return type.value;
    if (type.kind === 'param') {
      unify(type, dyn, this.#known);
      return dyn;
    }
    if (isDyn(type)) return dyn;
    return this.#report(expr, `type '${typeText(type)}' does not support field selection`);
  }

  #call(expr: Extract<Expr, { node: 'call' }>): CelType {
    const args = expr.args.map((arg) => this.check(arg));
    const { functions } = this.#environment;
    if (expr.name === '_&&_' || expr.name === '_||_') {
      for (const [position, arg] of expr.args.entries()) this.#expect(arg, boolType, args[position] ?? dyn);
      if (this.#issues.length > 0) return boolType;
    }
    if (expr.target === undefined) return this.#resolve(expr, expr.name, expr.args, args, false);
    const namespace = qualifiedName(expr.target);
    const full = namespace === undefined ? undefined : `${namespace}.${expr.name}`;
    if (full !== undefined && functions.has(full)) return this.#resolve(expr, full, expr.args, args, false);
    const target = this.check(expr.target);
    return this.#resolve(expr, expr.name, [expr.target, ...expr.args], [target, ...args], true);
  }

  #resolve(expr: Expr, name: string, args: readonly Expr[], types: readonly CelType[], isMethod: boolean): CelType {
    const declared = this.#environment.functions.get(name);
    if (!declared) return this.#report(expr, `undeclared reference to '${name}' (in container '')`);
    const fitting: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of declared) {
      if (overload.isMethod !== isMethod || overload.params.length !== args.length) continue;
      const found = this.#fit(overload, types);
      if (!found) continue;
      fitting.push(overload);
      if (result === undefined) result = found;
      else if (!isDyn(result) && !sameType(this.#resolved(result), this.#resolved(found))) result = dyn;
    }
    if (result === undefined) return this.#noOverload(expr, name, types, isMethod);
    this.#calls.set(expr, { name, args, overloads: fitting, isMethod });
    return result;
  }

  /** The result of an overload for these arguments, with parameters of its own; undefined if it does not take them. */
  #fit(overload: Overload, types: readonly CelType[]): CelType | undefined {
    const own: Substitution = new Map();
    const attempt: Substitution = new Map(this.#known);
    for (const [position, param] of overload.params.entries())
      if (!unify(this.#instance(param, own), types[position] ?? dyn, attempt)) return undefined;
    for (const [name, type] of attempt) this.#known.set(name, type);
    return this.#instance(overload.result, own);
  }

  #instance(type: CelType, own: Substitution): CelType {
    switch (type.kind) {
      case 'param': {
        const made = own.get(type.name) ?? this.#param();
        own.set(type.name, made);
        return made;
      }
      case 'list':
        return listOf(this.#instance(type.element, own));
      case 'optional':
        return optionalOf(this.#instance(type.element, own));
      case 'map':
        return mapOf(this.#instance(type.key, own), this.#instance(type.value, own));
      default:
        return type;
    }
  }

  #noOverload(expr: Expr, name: string, types: readonly CelType[], isMethod: boolean): CelType {
    if (types.some((type) => type.kind === 'error')) return error;
    const texts = types.map((type) => typeText(substitute(type, this.#known, true)));
    const applied = isMethod ? `${texts[0] ?? ''}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`;
    return this.#report(expr, `found no matching overload for '${name}' applied to '${applied}'`);
  }

  #list(expr: Extract<Expr, { node: 'list' }>): CelType {
    let element: CelType | undefined;
    for (const [position, item] of expr.items.entries()) {
      const type = this.check(item);
      element = this.#join(element, expr.optional.has(position) ? this.#unwrapped(item, type) : type);
    }
    return listOf(element ?? this.#param());
  }

  #map(expr: Extract<Expr, { node: 'map' }>): CelType {
    if (expr.typeName !== undefined) return this.#struct(expr, expr.typeName);
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of expr.entries) {
      key = this.#join(key, this.check(entry.key));
      const type = this.check(entry.value);
      value = this.#join(value, entry.optional ? this.#unwrapped(entry.value, type) : type);
    }
    return mapOf(key ?? this.#param(), value ?? this.#param());
  }

  #struct(expr: Extract<Expr, { node: 'map' }>, name: string): CelType {
    const struct = this.#environment.structs?.(name);
    if (struct?.kind !== 'object') return this.#report(expr, `undeclared reference to '${name}' (in container '')`);
    for (const { key, value, optional } of expr.entries) {
      this.check(key);
      const type = this.check(value);
      const field = key.node === 'literal' ? String(key.value) : '';
      const wanted = struct.field(field);
      if (wanted === undefined) this.#report(key, `undefined field '${field}'`);
      else this.#expect(value, wanted, optional ? this.#unwrapped(value, type) : type);
    }
    return struct;
  }

  #unwrapped(expr: Expr, type: CelType): CelType {
    const resolved = this.#resolved(type);
    if (resolved.kind === 'optional') return resolved.element;
    if (isDyn(resolved)) return dyn;
    return this.#report(expr, `expected type 'optional_type(${typeText(resolved)})' but found '${typeText(resolved)}'`);
  }

  /** The type of all elements of a literal; dyn if they are not alike. */
  #join(before: CelType | undefined, type: CelType): CelType {
    if (before === undefined) return type;
    if (isDyn(before)) return dyn;
    const attempt: Substitution = new Map(this.#known);
    if (isDyn(this.#resolved(type)) || !unify(before, type, attempt)) return dyn;
    for (const [name, bound] of attempt) this.#known.set(name, bound);
    return this.#resolved(before).kind === 'null' ? type : before;
  }

  #mismatch(wanted: CelType, found: CelType): string {
    const [a, b] = [wanted, found].map((type) => typeText(substitute(type, this.#known, true)));
    return `expected type '${a}' but found '${b}'`;
  }

  #expect(expr: Expr, wanted: CelType, type: CelType): void {
    if (type.kind !== 'error' && !unify(wanted, type, this.#known)) this.#report(expr, this.#mismatch(wanted, type));
  }

  #comprehension(expr: Extract<Expr, { node: 'comprehension' }>): CelType {
    const range = this.#resolved(this.check(expr.range));
    const variables = this.#iterated(expr.range, range, expr.variables.length);
    const names = expr.variables.map((name, position) => [name, variables[position] ?? dyn] as const);
    return this.#scoped(names, () => {
      if (expr.filter) this.#expect(expr.filter, boolType, this.check(expr.filter));
      return this.#comprehended(expr, this.check(expr.body), variables);
    });
  }

  #iterated(expr: Expr, range: CelType, count: number): readonly CelType[] {
    if (range.kind === 'list') return count === 1 ? [range.element] : [simple('int'), range.element];
    if (range.kind === 'map') return count === 1 ? [range.key] : [range.key, range.value];
    if (range.kind === 'param' || isDyn(range)) return [dyn, dyn];
    this.#report(
      expr,
      `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
    );
    return [error, error];
  }

  #comprehended(expr: Extract<Expr, { node: 'comprehension' }>, body: CelType, variables: readonly CelType[]): CelType {
    switch (expr.kind) {
      case 'all':
      case 'exists':
      case 'existsOne':
        this.#expect(expr.body, boolType, body);
        return boolType;
      case 'map':
        return listOf(body);
      case 'filter':
        this.#expect(expr.body, boolType, body);
        return listOf(variables[0] ?? dyn);
      case 'transformMap':
        return mapOf(variables[0] ?? dyn, body);
      case 'transformMapEntry':
        return body;
    }
  }
}

const primitiveTypes: Readonly<Record<string, CelType>> = {
  bigint: simple('int'),
  number: simple('double'),
  string: simple('string'),
  boolean: boolType,
};

function literalType(value: CelValue): CelType {
  if (value === null) return simple('null');
  if (typeof value !== 'object') return primitiveTypes[typeof value] ?? dyn;
  if (value instanceof Uint) return simple('uint');
  return value instanceof Uint8Array ? simple('bytes') : dyn;
}
