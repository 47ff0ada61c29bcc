import type { WireResponse } from '@reeve/api';
import type { ResourceInfo } from '../registry/resource-info.ts';
import type { ObjectValue } from '../value.ts';

/** What an operation found, before the Accept header decides its form. */
export type Answer =
  /** An object of a resource: may be shown as a Table or as metadata only. `json` is its serialised form if known. */
  | {
      readonly type: 'object';
      readonly status: number;
      readonly resource: ResourceInfo;
      readonly object: ObjectValue;
    }
  /** A Status, a review, a scale: shown as it is. */
  | { readonly type: 'plain'; readonly status: number; readonly object: ObjectValue }
  /** Already in its final form. */
  | { readonly type: 'raw'; readonly response: WireResponse };
