/** An answer to SQL. Each cell is a value of JSON as it was written, so that numbers keep all their digits. */
export interface SqlAnswer {
  names: string[];
  rows: string[][];
  isTruncated: boolean;
  elapsedMs: number;
  /** Of a report of a server: the values of its parameters that the archive has never seen. */
  neverSeen?: { parameter: string; value: string; near: string[] }[] | undefined;
}

/** What a cell says: a text itself, of any other value its JSON. */
export function cellText(cell: string): string {
  if (!cell.startsWith('"')) return cell;
  const text: unknown = JSON.parse(cell);
  return String(text);
}

export function isNull(cell: string): boolean {
  return cell === 'null';
}

/** For each column whether it has numbers, and nothing else but NULL. */
export function numericColumns({ names, rows }: Pick<SqlAnswer, 'names' | 'rows'>): boolean[] {
  return names.map((_, i) => {
    const cells = rows.map((row) => row[i] ?? 'null').filter((cell) => !isNull(cell));
    return cells.length > 0 && cells.every((cell) => /^-?\d/.test(cell));
  });
}
