import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../db/temp-archive.ts';
import { knowTests } from '../on-test-end.ts';
import { CLICKHOUSE } from './asked/clickhouse.ts';
import { DUCKDB } from './asked/duckdb.ts';
import { makeHostileLake, RUNS_A_DAY } from './hostile-lake.ts';

const QUESTION = `SELECT day, count(*) AS runs, count(fingerprint) AS fingerprints, min(instance_id) AS least
  FROM invocations WHERE day IN ('2026-03-01', '2026-04-01') GROUP BY day ORDER BY day`;

knowTests();

/** A file as another archive of another version would put it there: it lacks a column, and has one more. */
async function addOtherFile(lake: string): Promise<void> {
  const folder = join(lake, 'invocations', 'day=2026-04-01');
  mkdirSync(folder);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 'x' AS later, * EXCLUDE (fingerprint, id), id + 1000 AS id
       FROM read_parquet('${lake}/invocations/day=2026-03-01/*.parquet', hive_partitioning = false))
       TO '${folder}/archive-1.parquet' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

describe.each([DUCKDB, CLICKHOUSE])('$title', ({ title, missing, ask }) => {
  it.skipIf(missing !== undefined)(
    `reads the files of another archive too, also if they lack a column, or have one that this version does not know ${missing ?? ''}`.trimEnd(),
    async (test) => {
      const folder = tempFolder();
      const lake = join(folder, 'lake');
      await makeHostileLake(folder, lake);
      await addOtherFile(lake);
      const own = join(folder, title);
      mkdirSync(own);
      expect(await ask(lake, [QUESTION], { folder: own, test })).toEqual([
        [
          ['2026-03-01', RUNS_A_DAY, RUNS_A_DAY, 'i-0'],
          ['2026-04-01', RUNS_A_DAY, 0, 'i-0'],
        ],
      ]);
    },
  );
});
