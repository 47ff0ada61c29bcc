import type { WireRequest } from '@reeve/api';
import type { FieldValidation } from '../request/field-validation.ts';
import type { RequestInfo } from '../request/request-info.ts';
import type { UserInfo } from '../request/user.ts';

/** One request on its way through the server. */
export interface RequestContext {
  readonly request: WireRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** When it came, in milliseconds since the epoch. */
  readonly now: number;
  /** Becomes a `Warning: 299` header. */
  readonly warn: (text: string) => void;
  readonly warnings: readonly string[];
}

/** What a write may say in its query (`CreateOptions`, `UpdateOptions`, `PatchOptions`). */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean;
}
