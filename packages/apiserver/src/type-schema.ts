/**
 * The shape of a type as structured-merge-diff sees it: which lists are sets, maps by key or atomic, which maps are
 * atomic. Made from Kubernetes' OpenAPI for built-in kinds and from the structural schema for custom resources.
 */
export type TypeSchema =
  | {
      readonly type: 'scalar';
      readonly scalar: 'string' | 'number' | 'integer' | 'boolean' | 'int-or-string' | 'quantity' | 'any';
    }
  | { readonly type: 'list'; readonly list: 'atomic' | 'set'; readonly item: TypeSchema }
  | {
      readonly type: 'list';
      readonly list: 'map';
      readonly keys: readonly string[];
      /** Values of keys that an item may leave out, such as a port's protocol. */
      readonly keyDefaults: Readonly<Record<string, string | number | boolean>>;
      readonly item: TypeSchema;
    }
  | {
      readonly type: 'map';
      readonly map: 'granular' | 'atomic';
      /** Known fields; getters resolve references when first asked, as schemas are recursive. */
      readonly fields: ReadonlyMap<string, () => TypeSchema>;
      /** The type of fields not listed, if there may be any. */
      readonly rest?: () => TypeSchema;
    }
  /** Anything: x-kubernetes-preserve-unknown-fields; maps are granular, lists atomic. */
  | { readonly type: 'untyped' };
