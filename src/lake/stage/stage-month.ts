import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';
import { syncFile } from '../../lib/files/sync-file.ts';
import type { ParquetWriter } from '../parquet/open-writer.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { columnsOf, type LakeRow } from '../tables/lake-table.ts';
import { allRows } from '../tables/select-rows.ts';
import { createRowsDigest, type RowsDigest } from './create-rows-digest.ts';
import { makeNonce } from './make-nonce.ts';
import type { StagedFile } from './stage-day.ts';

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
  const digest = createRowsDigest();
  const rows = await writer.write(path, {
    ...{ columns: columnsOf(COMMANDS, sqlite), rows: digested(allRows(COMMANDS, sqlite, month), digest) },
    metadata: { ...metadata, table: COMMANDS.name, month, nonce: makeNonce() },
  });
  const sizeBytes = await syncFile(path);
  const sha256 = await digestOfFile(path);
  return { month, table: COMMANDS.name, path, rows, sizeBytes, sha256, rowsDigest: digest.value() };
}

function* digested(rows: Iterable<LakeRow>, digest: RowsDigest): Generator<LakeRow> {
  for (const row of rows) {
    digest.add(JSON.stringify(row));
    yield row;
  }
}
