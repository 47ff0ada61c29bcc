/** How one field is merged: Go's `patchStrategy` and `patchMergeKey` tags, or OpenAPI's extensions of those names. */
export interface MergeField {
  /** `merge`, `replace`, `retainKeys`; empty for the default: maps merge, lists are replaced. */
  readonly strategies: readonly string[];
  /** The field that identifies a list's items; undefined for lists of plain values. */
  readonly mergeKey: string | undefined;
  /** The fields of the object, or of the list's items; undefined if they have none that are known. */
  readonly schema: MergeSchema | undefined;
}

/** What strategic merge needs to know about a type. */
export interface MergeSchema {
  /** Undefined if the type has no such field. */
  field(name: string): MergeField | undefined;
}
