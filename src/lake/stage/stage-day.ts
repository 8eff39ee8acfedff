import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';
import { syncFile } from '../../lib/files/sync-file.ts';
import type { ParquetWriter } from '../parquet/open-writer.ts';
import { columnsOf, type LakeTable } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import { idsInOrder, OF_DAY, spanOf } from '../tables/select-rows.ts';
import { makeNonce } from './make-nonce.ts';
import { drawMarks, type Marks, unpackingSql } from './pack-rows.ts';
import { packedRows } from './packed-rows.ts';
import { readStateTexts } from './state-texts.ts';

/** A file that was written for a day, before it is in the lake. */
export interface StagedFile {
  table: string;
  path: string;
  rows: number;
  sizeBytes: number;
  /** The SHA-256 of the file, in hex. */
  sha256: string;
  /** The digest of the rows as they were read from SQLite, packed with these marks, in the order of the file. */
  rowsDigest: string;
  marks: Marks;
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
  const marks = drawMarks();
  const states = readStateTexts(sqlite, day, join(folder, 'states'), marks);
  try {
    const ids = idsInOrder(sqlite, day);
    const mostValues = countValues(sqlite, day);
    for (const table of LAKE_TABLES) {
      const path = join(folder, `${table.name}.parquet`);
      const rows = packedRows(table, sqlite, { day, ids, marks, states });
      const facts = { ...metadata, table: table.name, day };
      staged.push(await writeFile(writer, { sqlite, table, path, rows, marks, mostValues, metadata: facts }));
    }
  } finally {
    states.close();
  }
  return staged;
}

/** How many nodes, commands or documents a day has, whichever are the most. */
function countValues(sqlite: Database, day: string): number {
  const counts = ['instance_id', 'command_id', 'document_name'].map((column) => `count(DISTINCT i.${column})`);
  return Number(
    sqlite
      .prepare<[object], number>(`SELECT max(${counts.join(', ')}) FROM main.invocations i WHERE ${OF_DAY}`)
      .pluck()
      .get(spanOf(day)),
  );
}

export interface FileToWrite {
  sqlite: Database;
  table: LakeTable;
  path: string;
  /** Packed with the marks. */
  rows: Iterable<Buffer>;
  marks: Marks;
  mostValues: number;
  metadata: Readonly<Record<string, string>>;
}

/** Writes the file of a table, and waits until it is on the disk. */
export async function writeFile(
  writer: ParquetWriter,
  { sqlite, table, path, rows, marks, mostValues, metadata }: FileToWrite,
): Promise<StagedFile> {
  const columns = columnsOf(table, sqlite);
  const unpacking = (staged: string) => unpackingSql(columns, marks, staged);
  const written = await writer.write(path, {
    ...{ rows, rowMark: marks.row, unpacking, mostValues },
    metadata: { ...metadata, nonce: makeNonce() },
  });
  const sizeBytes = await syncFile(path);
  return { table: table.name, path, ...written, sizeBytes, sha256: await digestOfFile(path), marks };
}
