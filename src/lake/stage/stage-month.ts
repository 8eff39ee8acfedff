import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { ParquetWriter } from '../parquet/open-writer.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { allRows } from '../tables/select-rows.ts';
import { drawMarks, packRows } from './pack-rows.ts';
import { type StagedFile, writeFile } from './stage-day.ts';

export interface MonthToStage {
  /** A month, such as `2026-03`. */
  month: string;
  folder: string;
  /** What the file says of itself. */
  metadata: Readonly<Record<string, string>>;
}

export interface StagedMonth extends StagedFile {
  month: string;
}

/** Writes the commands of a month into a folder, with their senders. The rows must be those of one moment. */
export async function stageMonth(
  sqlite: Database,
  writer: ParquetWriter,
  { month, folder, metadata }: MonthToStage,
): Promise<StagedMonth> {
  const path = join(folder, `${COMMANDS.name}-${month}.parquet`);
  const marks = drawMarks();
  const rows = packRows(allRows(COMMANDS, sqlite, month), marks);
  const facts = { ...metadata, table: COMMANDS.name, month };
  // Each row is of another command.
  const mostValues = Number.MAX_SAFE_INTEGER;
  const file = { sqlite, table: COMMANDS, path, rows, marks, mostValues, metadata: facts };
  return { month, ...(await writeFile(writer, file)) };
}
