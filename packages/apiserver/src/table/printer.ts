import type { ObjectValue } from '../value.ts';
import type { Column } from './column.ts';

/** How a kind looks in a Table. */
export interface Printer {
  readonly columns: readonly Column[];
  /** Cells that have no column. */
  readonly extra?: readonly Column[];
  /** `conditions` of a row. */
  readonly conditions?: (object: ObjectValue) => readonly ObjectValue[];
}

/** By `group/Kind`; the core group has no prefix. */
export type PrinterTable = Readonly<Record<string, Printer>>;
