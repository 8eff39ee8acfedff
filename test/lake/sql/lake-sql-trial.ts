import { buffer as readAsBuffer, text as readAsText } from 'node:stream/consumers';
import type { LakePlace } from '../../../src/lake/files/lake-files.ts';
import { describeViews } from '../../../src/lake/sql/describe-views.ts';
import type { FileFormat } from '../../../src/lib/media-types.ts';
import { createLakeSql } from '../../../src/processes/sql/create-lake-sql.ts';
import { createSqlPool } from '../../../src/processes/sql/create-sql-pool.ts';
import { readyEngine } from '../../../src/processes/sql/ready-engine.ts';
import { parseSqlAnswer } from '../../../src/questions/sql/parse-sql-answer.ts';
import type { SqlEngine } from '../../../src/questions/sql/sql-engine.ts';
import type { SqlParams } from '../../../src/questions/sql/sql-values.ts';
import { builtProgram } from '../../built-program.ts';
import { memoryLog } from '../../memory-log.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { placeOf } from '../place-of.ts';

export const MEMORY_BYTES = 536_870_912;

/** Asks both engines of an archive, in processes as a server starts them, until the test ends. */
export function lakeSqlTrial(archivePath: string, location: string | LakePlace) {
  const { log } = memoryLog();
  const pooled = { readers: 1, memoryBytes: MEMORY_BYTES, longestMs: 60_000, log };
  const place = typeof location === 'string' ? placeOf(location) : location;
  const lake = createLakeSql({
    ...{ archivePath, ...pooled },
    describe: describeViews,
    programs: {
      sql: builtProgram('lake-sql-reader'),
      copier: { ...builtProgram('lake-copier'), lake: place && { ...place, env: {} } },
    },
  });
  const pool = createSqlPool({ archivePath, ...pooled, program: builtProgram('sql-reader') });
  onTestEnd(async () => void (await Promise.all([lake.close(), pool.close()])));
  const deps = { pool, memoryBytes: MEMORY_BYTES, lake };
  const asker = { caller: 'test', deadlineMs: 60_000 };

  async function answer(engine: SqlEngine, sql: string, params?: SqlParams) {
    const { gather } = await readyEngine(deps, engine);
    const gathered = await gather({ sql, params, limit: 100_000, maxBytes: 50_000_000 }, asker);
    const json = 'bytes' in gathered ? Buffer.from(gathered.bytes).toString() : await readAsText(gathered.body);
    return { json, ...parseSqlAnswer(json) };
  }

  return {
    lake,
    answer,
    /** The rows of an answer, as JSON has them. */
    async rows(engine: SqlEngine, sql: string, params?: SqlParams): Promise<unknown[][]> {
      return JSON.parse((await answer(engine, sql, params)).json).rows;
    },
    async lines(engine: SqlEngine, sql: string, format: 'csv' | 'ndjson'): Promise<string> {
      const { stream } = await readyEngine(deps, engine);
      return await readAsText((await stream({ sql, format, csvForm: 'safe' }, asker)).body);
    },
    async file(engine: SqlEngine, sql: string, format: FileFormat): Promise<Buffer> {
      const { file } = await readyEngine(deps, engine);
      return await readAsBuffer((await file({ sql, format }, asker)).body);
    },
    async fault(engine: SqlEngine, sql: string, params?: SqlParams): Promise<Error> {
      const error = await answer(engine, sql, params).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error instanceof Error) return error;
      throw new Error(`The query was answered: ${sql.slice(0, 200)}`);
    },
  };
}
