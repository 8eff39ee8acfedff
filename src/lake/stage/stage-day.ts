import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from 'better-sqlite3';
import { syncFile } from '../../lib/files/sync-file.ts';
import type { ParquetWriter } from '../parquet/open-writer.ts';
import { columnsOf } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import { allRows } from '../tables/select-rows.ts';

/** A file that was written for a day, before it is in the lake. */
export interface StagedFile {
  table: string;
  path: string;
  rows: number;
  sizeBytes: number;
  /** The SHA-256 of the file, in hex. */
  sha256: string;
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
 * Writes the tables of a day into a folder. The rows are those of one moment: `sqlite` is in a transaction all the
 * while, so it must be a connection of its own.
 */
export async function stageDay(
  sqlite: Database,
  writer: ParquetWriter,
  { day, folder, metadata }: DayToStage,
): Promise<StagedFile[]> {
  const staged: StagedFile[] = [];
  sqlite.exec('BEGIN');
  try {
    for (const table of LAKE_TABLES) {
      const { name, order } = table;
      const path = join(folder, `${name}.parquet`);
      const count = await writer.write(path, {
        ...{ columns: columnsOf(table, sqlite), rows: allRows(table, sqlite, day), order },
        metadata: { ...metadata, table: name, day },
      });
      const sizeBytes = await syncFile(path);
      staged.push({ table: name, path, rows: count, sizeBytes, sha256: await digestOf(path) });
    }
    return staged;
  } finally {
    sqlite.exec('ROLLBACK');
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
