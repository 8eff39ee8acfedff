import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { loadDuckDb } from '../../../src/lake/parquet/load-duckdb.ts';
import { openWriter } from '../../../src/lake/parquet/open-writer.ts';
import { tempFolder } from '../../db/temp-archive.ts';

const ROWS = 6000;

it.each([10, 3000, ROWS, Number.MAX_SAFE_INTEGER])(
  'with %d values at most, only a column whose values come again has a dictionary and a bloom filter',
  async (mostValues) => {
    const folder = tempFolder();
    const path = join(folder, 'a.parquet');
    const writer = await openWriter(await loadDuckDb(), folder);
    await writer.write(path, {
      // Long rows, so that there are several row groups.
      rows: Array.from({ length: ROWS }, (_, n) => Buffer.from(`i-${n % 9}|${n}-${'x'.repeat(10_000)}`)),
      rowMark: '#',
      unpacking: (table) =>
        `SELECT split_part(packed, '|', 1) AS node, split_part(packed, '|', 2) AS each_other FROM ${table}`,
      ...{ mostValues, metadata: { table: 'a' } },
    });
    writer.close();
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const found = await connection.runAndReadAll(
      `SELECT row_group_num_rows, path_in_schema, encodings, bloom_filter_offset IS NOT NULL
         FROM parquet_metadata('${path}') ORDER BY row_group_id, column_id`,
    );
    const groups = found.getRows().filter(([rows]) => Number(rows) === 2048);
    expect(groups).toHaveLength(4);
    for (const [, name, encodings, hasFilter] of groups)
      expect([name, String(encodings).includes('DICTIONARY'), hasFilter]).toEqual(
        name === 'node' ? [name, true, true] : [name, false, false],
      );
  },
);
