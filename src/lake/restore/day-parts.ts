import { asyncBufferFromFile } from 'hyparquet';
import { openParquet, type ParquetFile } from '../parquet/open-parquet.ts';
import type { LakeRow } from '../tables/lake-table.ts';
import type { LakeRows } from './lake-rows.ts';

/** A file that is read row by row, with the row that is next. */
interface Cursor {
  columns: string[];
  /** Where the id of the invocation is. */
  at: number;
  rows: AsyncGenerator<LakeRow>;
  next: LakeRow | undefined;
}

/**
 * Reads the files of a day in parts of so many invocations, each with all rows that belong to them. All files of a day
 * have the order of the invocations, so each is read once from its beginning to its end. `paths` has the files by the
 * names of their tables.
 */
export async function* dayParts(
  paths: Readonly<Record<string, string>>,
  invocationsAtOnce: number,
): AsyncGenerator<LakeRows> {
  const { invocations: path, ...others } = paths;
  if (path === undefined) throw new Error('a day has no file of invocations');
  const invocations = await openCursor(path, 'id');
  const parts = new Map<string, Cursor>();
  for (const [table, file] of Object.entries(others)) parts.set(table, await openCursor(file, 'invocation_id'));
  while (invocations.next) {
    const found = new Map<string, LakeRow[]>([...parts.keys()].map((table) => [table, []]));
    const own: LakeRow[] = [];
    while (invocations.next && own.length < invocationsAtOnce) {
      const row = invocations.next;
      own.push(row);
      for (const [table, cursor] of parts) await take(cursor, row[invocations.at], found.get(table) ?? []);
      await step(invocations);
    }
    yield {
      invocations: { columns: invocations.columns, rows: own },
      ...Object.fromEntries(
        [...parts].map(([table, { columns }]) => [table, { columns, rows: found.get(table) ?? [] }]),
      ),
    };
  }
  for (const [table, { next }] of parts)
    if (next) throw new Error(`the file of ${table} has rows of an invocation that the day does not have`);
}

async function openCursor(path: string, idColumn: string): Promise<Cursor> {
  const file: ParquetFile = await openParquet(await asyncBufferFromFile(path));
  const columns = file.columns.map(({ name }) => name);
  const cursor: Cursor = { columns, at: columns.indexOf(idColumn), rows: file.read(), next: undefined };
  await step(cursor);
  return cursor;
}

async function take(cursor: Cursor, id: unknown, into: LakeRow[]): Promise<void> {
  while (cursor.next && cursor.next[cursor.at] === id) {
    into.push(cursor.next);
    await step(cursor);
  }
}

async function step(cursor: Cursor): Promise<void> {
  const { value, done } = await cursor.rows.next();
  cursor.next = done ? undefined : value;
}
