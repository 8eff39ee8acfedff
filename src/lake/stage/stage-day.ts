import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';
import { syncFile } from '../../lib/files/sync-file.ts';
import type { ParquetWriter } from '../parquet/open-writer.ts';
import { columnsOf } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import { allRows } from '../tables/select-rows.ts';
import { createRowOrder } from './create-row-order.ts';
import { createRowsDigest } from './create-rows-digest.ts';
import { makeNonce } from './make-nonce.ts';
import { partsOfDay, sortRows } from './sort-rows.ts';

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
  const parts = partsOfDay(sqlite, day);
  for (const table of LAKE_TABLES) {
    const { name } = table;
    const path = join(folder, `${name}.parquet`);
    const digest = createRowsDigest();
    const columns = columnsOf(table, sqlite);
    const order = createRowOrder(table, columns);
    const rows = sortRows({ rows: allRows(table, sqlite, day), columns, order, parts, folder, onRow: digest.add });
    const count = await writer.write(path, {
      ...{ columns, rows },
      metadata: { ...metadata, table: name, day, nonce: makeNonce() },
    });
    const sizeBytes = await syncFile(path);
    staged.push({
      ...{ table: name, path, rows: count, sizeBytes, sha256: await digestOfFile(path) },
      rowsDigest: digest.value(),
    });
  }
  return staged;
}
