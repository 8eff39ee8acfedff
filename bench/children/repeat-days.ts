import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Makes days with many times the rows of sealed days: each row several times, with ids and nodes of its own, so that it
// does not lie beside itself in the order of a file, which is that of sealed days. Only the tables that a benchmark asks are made.
const { lake, to, times } = readInput(z.object({ lake: z.string(), to: z.string(), times: z.number() }));
const TABLES = [
  { name: 'invocations', id: 'id', order: 'account_id, region, instance_id, requested_at, id' },
  { name: 'plugins', id: 'invocation_id', order: 'account_id, region, instance_id, requested_at, invocation_id' },
];
/** More than any archive of a benchmark has. */
const IDS_APART = 1_000_000_000;
const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '4GiB' });
const connection = await instance.connect();

answerParent(
  async (request) => {
    const days = z.array(z.string()).parse(request);
    const begin = performance.now();
    let bytes = 0;
    for (const day of days) {
      for (const { name, id, order } of TABLES) {
        const [from, into] = [join(lake, name, `day=${day}`), join(to, name, `day=${day}`)];
        mkdirSync(into, { recursive: true });
        const file = join(into, 'archive-0.parquet');
        await connection.run(
          `COPY (SELECT r.* REPLACE (r.${id} + n.range * ${IDS_APART} AS ${id},
                   CASE WHEN n.range = 0 THEN r.instance_id ELSE replace(r.instance_id, 'i-', 'i-' || n.range) END AS instance_id)
                   FROM read_parquet('${from}/*.parquet', hive_partitioning = false) AS r, range(${times}) AS n ORDER BY ${order})
             TO '${file}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9, ROW_GROUP_SIZE 40960)`,
        );
        bytes += statSync(file).size;
      }
    }
    return { bytes, seconds: (performance.now() - begin) / 1000 };
  },
  () => {
    connection.closeSync();
    instance.closeSync();
  },
);
