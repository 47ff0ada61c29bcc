import type { Value } from '../value.ts';
import type { DecodeState, StrictProblems } from './decode-state.ts';
import type { ExactValue } from './number-literal.ts';

/** How values of one Go type are read from JSON and printed again. */
export interface GoCodec {
  /** As Go prints it in an error. */
  readonly name: string;
  /** Checks and normalises; undefined is Go's nil, or a null that leaves a plain value at zero. */
  decode(value: ExactValue, state: DecodeState): Value | undefined;
  /** What Go prints for the zero value. */
  zero(): Value;
  /** True if `omitempty` leaves the value out. */
  isEmpty(value: Value): boolean;
  /** Tells unknown and repeated fields inside. */
  findProblems?(value: ExactValue, path: string, problems: StrictProblems): void;
}
