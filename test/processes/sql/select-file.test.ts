import { expect, it } from 'vitest';
import { selectFile } from '../../../src/processes/sql/select-file.ts';
import { readParquet } from '../../lib/columns/read-columns.ts';
import { sqlTrial } from './sql-trial.ts';

const trials = { usual: sqlTrial(), immutable: sqlTrial(true) };

it.each(['usual', 'immutable'] as const)(
  'a file is written in a transaction of its own, which is over also if the query fails, by the %s connection',
  async (name) => {
    const { sqlite } = trials[name];
    const chunks: Uint8Array[] = [];
    const tools = { note() {}, push: (chunk: Uint8Array) => void chunks.push(chunk.slice()) };
    const write = (sql: string) => selectFile(sqlite, { sql, format: 'parquet' }, tools);
    await expect(write('SELECT abs(column1) FROM (VALUES (1), (-9223372036854775808))')).rejects.toThrow('overflow');
    expect([chunks, sqlite.inTransaction]).toEqual([[], false]);
    expect(await write("SELECT 9007199254740993 AS n, 'a' AS t UNION ALL SELECT NULL, ''")).toBe(2);
    expect(sqlite.inTransaction).toBe(false);
    expect(await readParquet(Buffer.concat(chunks))).toMatchObject({
      names: ['n', 't'],
      rows: [
        [9007199254740993n, 'a'],
        [null, ''],
      ],
      metadata: { 'ssm-archive-engine': 'archive' },
    });
  },
);
