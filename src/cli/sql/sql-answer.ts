import { z } from 'zod';
import { jsonElements, jsonMembers } from '../../lib/json-parts.ts';

/** An answer to SQL. Each cell is a value of JSON as it was written, so that numbers keep all their digits. */
export interface SqlAnswer {
  names: string[];
  rows: string[][];
  isTruncated: boolean;
  elapsedMs: number;
}

const answerForm = z.object({
  columns: z.array(z.object({ name: z.string() })),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  elapsedMs: z.number(),
});

/** Reads the JSON that readers/sql/select-json.ts writes, here or on a server. Throws for anything else. */
export function parseSqlAnswer(json: string): SqlAnswer {
  const { columns, truncated, elapsedMs } = answerForm.parse(JSON.parse(json));
  return {
    names: columns.map(({ name }) => name),
    rows: jsonElements(jsonMembers(json).get('rows') ?? '[]').map(jsonElements),
    isTruncated: truncated,
    elapsedMs,
  };
}

/** What a cell says: a text itself, of any other value its JSON. */
export function cellText(cell: string): string {
  return cell.startsWith('"') ? z.string().parse(JSON.parse(cell)) : cell;
}

export function isNull(cell: string): boolean {
  return cell === 'null';
}

/** For each column whether it has numbers, and nothing else but NULL. */
export function numericColumns({ names, rows }: SqlAnswer): boolean[] {
  return names.map((_, i) => {
    const cells = rows.map((row) => row[i] ?? 'null').filter((cell) => !isNull(cell));
    return cells.length > 0 && cells.every((cell) => /^-?\d/.test(cell));
  });
}
