import type { LakeFacts } from './lake-facts.ts';

/** An answer to SQL. Each cell is a JSON value as it was written, so numbers keep all their digits. */
export interface SqlAnswer {
  names: string[];
  rows: string[][];
  isTruncated: boolean;
  elapsedMs: number;
  /** The first day (UTC) from which the answer is whole; absent if nothing can be missing. */
  wholeFrom?: string | undefined;
  /** What an answer of the lake says of itself. */
  lake?: LakeFacts | undefined;
  /** For a report that a server ran: the parameters' values that the archive has never seen. */
  neverSeen?: { parameter: string; value: string; near: string[] }[] | undefined;
}

/** Returns a cell as text: a text as it is, any other value as JSON. */
export function cellText(cell: string): string {
  if (!cell.startsWith('"')) return cell;
  const text: unknown = JSON.parse(cell);
  return String(text);
}

export function isNull(cell: string): boolean {
  return cell === 'null';
}

/** Returns for each column whether it contains numbers and, apart from them, only NULL. */
export function numericColumns({ names, rows }: Pick<SqlAnswer, 'names' | 'rows'>): boolean[] {
  return names.map((_, i) => {
    const cells = rows.map((row) => row[i] ?? 'null').filter((cell) => !isNull(cell));
    return cells.length > 0 && cells.every((cell) => /^-?\d/.test(cell));
  });
}
