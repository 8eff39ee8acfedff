import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLakeSql } from '../../../src/lake/read/open-lake-sql.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';

it('a query yields all of its rows, also if other queries run between its chunks', async () => {
  const lake = await openLakeSql();
  onTestEnd(() => lake.close());
  const path = join(tempFolder(), 'rows.parquet');
  await lake.all(`COPY (SELECT range AS id FROM range(20000)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`);
  const ids = new Set<unknown>();
  for await (const { rows } of lake.chunks(`SELECT id FROM '${path}'`)) {
    for (const [id] of rows) ids.add(id);
    expect((await lake.all(`SELECT count(*) FROM '${path}'`)).rows).toEqual([[20_000]]);
  }
  expect(ids.size).toBe(20_000);
});
