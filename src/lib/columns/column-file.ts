/**
 * The types that a column of a file may have. `real` is a double; `decimal` has so many digits, of which `scale` are
 * behind the point.
 */
export type ColumnType =
  | { kind: 'integer' }
  | { kind: 'real' }
  | { kind: 'text' }
  | { kind: 'bytes' }
  | { kind: 'decimal'; precision: number; scale: number };

export interface FileColumn {
  name: string;
  type: ColumnType;
}

/** A value of a file. One of a decimal column is the whole number that its digits make without the point. */
export type FileCell = bigint | number | string | Uint8Array | null;

/**
 * A file of columns that is written batch by batch. Its footer says where the batches are and how many they are, and
 * only `end` writes it: no reader takes a file without it for a whole one.
 */
export interface ColumnFile {
  /** Writes the next rows, given by columns: each has as many values as there are rows. */
  add(columns: readonly (readonly FileCell[])[], rows: number): void;
  end(): void;
}

/** Begins a file whose bytes go to `push`. `metadata` are texts that the file says of itself. */
export type CreateColumnFile = (
  columns: readonly FileColumn[],
  metadata: ReadonlyMap<string, string>,
  push: (chunk: Uint8Array) => void,
) => ColumnFile;

interface KindOf {
  bigint: bigint;
  number: number;
  string: string;
}

/** Returns the values of a column, of which all are of one kind. Throws if one is not. */
export function cellsOfKind<Kind extends keyof KindOf>(
  cells: readonly FileCell[],
  kind: Kind,
): readonly (KindOf[Kind] | null)[] {
  if (areOfKind(cells, kind)) return cells;
  throw new Error(`A column of the kind ${kind} has a value of another kind.`);
}

function areOfKind<Kind extends keyof KindOf>(
  cells: readonly FileCell[],
  kind: Kind,
): cells is readonly (KindOf[Kind] | null)[] {
  return cells.every((cell) => cell === null || typeof cell === kind);
}
