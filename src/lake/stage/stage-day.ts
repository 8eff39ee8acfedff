import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';
import { syncFile } from '../../lib/files/sync-file.ts';
import type { ParquetWriter } from '../parquet/open-writer.ts';
import { columnsOf, type LakeRow } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import { allRows } from '../tables/select-rows.ts';
import { createRowsDigest, type RowsDigest } from './create-rows-digest.ts';

/** A file that was written for a day, before it is in the lake. */
export interface StagedFile {
  table: string;
  path: string;
  rows: number;
  sizeBytes: number;
  /** The SHA-256 of the file, in hex. */
  sha256: string;
  /** The digest of the rows as they were read from SQLite. */
  rowsDigest: string;
}

export interface DayToStage {
  /** An ISO date, in UTC. */
  day: string;
  /** A folder that has nothing in it. */
  folder: string;
  /** What the files say of themselves. */
  metadata: Readonly<Record<string, string>>;
}

/**
 * Writes the tables of a day into a folder. The rows must be those of one moment, so `sqlite` is a connection that is
 * in a transaction all the while.
 */
export async function stageDay(
  sqlite: Database,
  writer: ParquetWriter,
  { day, folder, metadata }: DayToStage,
): Promise<StagedFile[]> {
  const staged: StagedFile[] = [];
  for (const table of LAKE_TABLES) {
    const { name, order } = table;
    const path = join(folder, `${name}.parquet`);
    const digest = createRowsDigest();
    const count = await writer.write(path, {
      ...{ columns: columnsOf(table, sqlite), rows: added(allRows(table, sqlite, day), digest), order },
      metadata: { ...metadata, table: name, day },
    });
    const sizeBytes = await syncFile(path);
    staged.push({
      ...{ table: name, path, rows: count, sizeBytes, sha256: await digestOfFile(path) },
      rowsDigest: digest.value(),
    });
  }
  return staged;
}

/** Yields the rows, each of which is in the digest then. */
function* added(rows: Iterable<LakeRow>, digest: RowsDigest): Generator<LakeRow> {
  for (const row of rows) {
    digest.add(row);
    yield row;
  }
}
