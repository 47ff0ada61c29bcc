import type { ObjectValue, Value } from '../value.ts';

/** One column of a Table and how its cell is read from an object. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description?: string;
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: number;
  readonly cell: (object: ObjectValue, now: number) => Value;
}

type Cell = Column['cell'];

/** A column of text that is always shown. */
export function text(name: string, cell: Cell): Column {
  return { name, type: 'string', format: '', priority: 0, cell };
}

/** A column of text for wide tables. */
export function wide(name: string, cell: Cell): Column {
  return { name, type: 'string', format: '', priority: 1, cell };
}

export function integer(name: string, cell: Cell): Column {
  return { name, type: 'integer', format: '', priority: 0, cell };
}

export function boolean(name: string, cell: Cell): Column {
  return { name, type: 'boolean', format: '', priority: 0, cell };
}
