import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { expect, it } from 'vitest';
import { loadDuckDb } from '../../../src/lake/parquet/load-duckdb.ts';
import { openParquet } from '../../../src/lake/parquet/open-parquet.ts';
import { openWriter } from '../../../src/lake/parquet/open-writer.ts';
import { drawMarks, packingSql, packRow, unpackingSql } from '../../../src/lake/stage/pack-rows.ts';
import type { HotColumn, LakeRow } from '../../../src/lake/tables/lake-table.ts';
import { tempFolder } from '../../db/temp-archive.ts';

const COLUMNS: HotColumn[] = [
  { name: 'a', type: 'VARCHAR', sql: 't.a' },
  { name: 'n', type: 'BIGINT', sql: 't.n' },
  { name: 'b"', type: 'VARCHAR', sql: 't.b' },
];
const ROWS: LakeRow[] = [
  ['', 0, 'x'],
  [null, null, null],
  ['\x1f', Number.MAX_SAFE_INTEGER, '\x1e'],
  ['a\0b\n', -1, "'quoted' \x1d"],
  ['é \u{1f680} \u2028 \ufffd', 7, null],
  ['NULL', 10, ''],
];

it('values of every kind, marks of other runs among them, come into a file as they are, from SQLite and from JavaScript', async () => {
  const sqlite = new SQLite(':memory:');
  sqlite.exec('CREATE TABLE t (a TEXT, n INTEGER, b TEXT) STRICT');
  for (const row of ROWS) sqlite.prepare('INSERT INTO t VALUES (?, ?, ?)').run(...row);
  const marks = drawMarks();
  const packed = sqlite
    .prepare<[], Buffer>(`SELECT CAST(${packingSql(COLUMNS, marks)} AS BLOB) FROM t ORDER BY rowid`)
    .pluck()
    .all();
  expect(packed.map(String)).toEqual(ROWS.map((row) => packRow(row, marks)));
  const folder = tempFolder();
  const writer = await openWriter(await loadDuckDb(), folder);
  const path = join(folder, 'rows.parquet');
  await writer.write(path, {
    ...{ rows: packed, rowMark: marks.row, mostValues: 10, metadata: { of: "a test's" } },
    unpacking: (table) => unpackingSql(COLUMNS, marks, table),
  });
  writer.close();
  const file = await openParquet(await asyncBufferFromFile(path));
  expect(file.columns).toEqual(COLUMNS.map(({ name, type }) => ({ name, type })));
  expect(file.metadata).toMatchObject({ of: "a test's" });
  const rows = [];
  for await (const row of file.read()) rows.push(row);
  expect(rows).toEqual(ROWS);
});
