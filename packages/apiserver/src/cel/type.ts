/** A type of CEL as the checker sees it. */
export type CelType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly element: CelType }
  /** `type(T)`: what `int` or `type(x)` are. */
  | { readonly kind: 'type' }
  /** A type of a Kubernetes library, such as `kubernetes.Quantity`. */
  | { readonly kind: 'opaque'; readonly name: string }
  /** An object with known fields, by their name in expressions. */
  | { readonly kind: 'object'; readonly name: string; field(name: string): CelType | undefined }
  | { readonly kind: 'param'; readonly name: string };

export type SimpleKind =
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'bool'
  | 'null'
  | 'timestamp'
  | 'duration'
  | 'dyn'
  /** The type of an expression that is already reported; fits everywhere. */
  | 'error';

export const simple = (kind: SimpleKind): CelType => ({ kind });
export const dyn: CelType = simple('dyn');
export const boolType: CelType = simple('bool');
export const listOf = (element: CelType): CelType => ({ kind: 'list', element });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value });
export const optionalOf = (element: CelType): CelType => ({ kind: 'optional', element });

export const isDyn = (type: CelType): boolean => type.kind === 'dyn' || type.kind === 'error';

/** As error texts name a type: `map(string, int)`. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${typeText(type.element)})`;
    case 'map':
      return `map(${typeText(type.key)}, ${typeText(type.value)})`;
    case 'optional':
      return `optional_type(${typeText(type.element)})`;
    case 'opaque':
    case 'object':
    case 'param':
      return type.name;
    case 'error':
      return '!error!';
    default:
      return type.kind;
  }
}

/** What type parameters stand for in one expression. */
export type Substitution = Map<string, CelType>;

/** Replaces parameters by what is known of them; unknown ones become dyn if `final`. */
export function substitute(type: CelType, known: Substitution, final = false): CelType {
  switch (type.kind) {
    case 'param': {
      const bound = known.get(type.name);
      if (bound) return substitute(bound, known, final);
      return final ? dyn : type;
    }
    case 'list':
      return listOf(substitute(type.element, known, final));
    case 'map':
      return mapOf(substitute(type.key, known, final), substitute(type.value, known, final));
    case 'optional':
      return optionalOf(substitute(type.element, known, final));
    default:
      return type;
  }
}

function occurs(name: string, type: CelType, known: Substitution): boolean {
  const resolved = substitute(type, known);
  if (resolved.kind === 'param') return resolved.name === name;
  if (resolved.kind === 'list' || resolved.kind === 'optional') return occurs(name, resolved.element, known);
  if (resolved.kind === 'map') return occurs(name, resolved.key, known) || occurs(name, resolved.value, known);
  return false;
}

/** Binds parameters so that a value of type `from` may stand where `to` is asked for; false if that cannot be. */
export function unify(to: CelType, from: CelType, known: Substitution): boolean {
  const target = substitute(to, known);
  const source = substitute(from, known);
  if (target.kind === 'param') return bind(target.name, source, known);
  if (source.kind === 'param') return bind(source.name, target, known);
  if (isDyn(target) || isDyn(source)) return true;
  if (source.kind === 'null') return target.kind === 'null' || isNullable(target);
  if (target.kind === 'list' && source.kind === 'list') return unify(target.element, source.element, known);
  if (target.kind === 'optional' && source.kind === 'optional') return unify(target.element, source.element, known);
  if (target.kind === 'map' && source.kind === 'map')
    return unify(target.key, source.key, known) && unify(target.value, source.value, known);
  if (target.kind === 'object' || target.kind === 'opaque')
    return source.kind === target.kind && source.name === target.name;
  return target.kind === source.kind;
}

/** Null fits where a message may be: objects, opaque values, times. */
function isNullable({ kind }: CelType): boolean {
  return ['object', 'opaque', 'timestamp', 'duration', 'optional'].includes(kind);
}

function bind(name: string, type: CelType, known: Substitution): boolean {
  if (type.kind === 'param' && type.name === name) return true;
  if (occurs(name, type, known)) return false;
  known.set(name, type);
  return true;
}

/** Equality of types without parameters. */
export function sameType(a: CelType, b: CelType): boolean {
  return typeText(a) === typeText(b);
}

/** Reads the types that declarations are written in: `list<A>`, `map<string, int>`, `optional<Quantity>`. */
export function parseType(text: string): CelType {
  const [, name = '', rest = ''] = /^\s*([\w.]+)\s*(?:<(.*)>)?\s*$/s.exec(text) ?? [];
  const [first = '', second = ''] = splitTop(rest);
  if (name === 'list') return listOf(parseType(first));
  if (name === 'optional') return optionalOf(parseType(first));
  if (name === 'map') return mapOf(parseType(first), parseType(second));
  if (name === 'type') return { kind: 'type' };
  if (/^[A-Z]$/.test(name)) return { kind: 'param', name };
  if (isSimpleKind(name)) return simple(name);
  return { kind: 'opaque', name: opaqueNames[name] ?? name };
}

const opaqueNames: Readonly<Record<string, string>> = {
  Quantity: 'kubernetes.Quantity',
  URL: 'kubernetes.URL',
  IP: 'net.IP',
  CIDR: 'net.CIDR',
  Format: 'kubernetes.NamedFormat',
  Semver: 'kubernetes.Semver',
};

const simpleKinds: ReadonlySet<string> = new Set([
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'bool',
  'null',
  'timestamp',
  'duration',
  'dyn',
]);

function isSimpleKind(name: string): name is SimpleKind {
  return simpleKinds.has(name);
}

/** Splits at commas outside of angle brackets. */
export function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let position = 0; position <= text.length; position++) {
    const character = text[position];
    if (character === '<') depth += 1;
    else if (character === '>') depth -= 1;
    else if ((character === ',' && depth === 0) || character === undefined) {
      parts.push(text.slice(start, position).trim());
      start = position + 1;
    }
  }
  return parts.filter((part) => part !== '');
}
