import type { CelType } from './type.ts';

/** How a list of JSON values is compared and joined (x-kubernetes-list-type). */
export type ListKind = { readonly kind: 'atomic' | 'set' } | { readonly kind: 'map'; readonly keys: readonly string[] };

/** A field of a declared object. */
export interface DeclaredField {
  /** Its name in JSON; in expressions it may be escaped. */
  readonly name: string;
  readonly type: Declaration;
}

/** What is known of a JSON value that expressions look at: its CEL type and, for estimates of cost, its size. */
export interface Declaration {
  readonly type: CelType;
  /** How many elements, characters or entries it may have. */
  readonly maxElements: number;
  /** The fewest bytes it takes in JSON. */
  readonly minSize: number;
  /** Of lists and maps. */
  readonly element?: Declaration;
  readonly list?: ListKind;
  /** Of objects, by their name in expressions. */
  readonly fields?: ReadonlyMap<string, DeclaredField>;
  /** How a string is read: as bytes, a time, a duration. */
  readonly format?: 'byte' | 'date' | 'date-time' | 'duration';
}

const reserved: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name of a property in expressions; undefined if it cannot be written (KEP-2876, "Field names"). */
export function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (part) => escapes[part] ?? part);
}

/** The fields' CEL type, where reserved words may be written plainly too as far as they can be tokens. */
export function objectType(name: string, fields: ReadonlyMap<string, DeclaredField>): CelType {
  return {
    kind: 'object',
    name,
    field: (field) => (fields.get(field) ?? fields.get(`__${field}__`))?.type.type,
  };
}
