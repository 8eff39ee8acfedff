import { text as readAsText } from 'node:stream/consumers';
import { openArchiveReadOnly } from '../../db/open.ts';
import { placeOfLake } from '../../lake/files/place-of-lake.ts';
import { describeViews } from '../../lake/sql/describe-views.ts';
import { createLogger } from '../../lib/logger.ts';
import { programPath } from '../../lib/process/program-path.ts';
import { ReadTimedOut } from '../../processes/pool/errors.ts';
import { createLakeSql } from '../../processes/sql/create-lake-sql.ts';
import { createSqlPool } from '../../processes/sql/create-sql-pool.ts';
import { readyEngine } from '../../processes/sql/ready-engine.ts';
import { parseSqlAnswer } from '../../questions/sql/parse-sql-answer.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';
import type { SqlEngine } from '../../questions/sql/sql-engine.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import type { SqlParams } from '../../questions/sql/sql-values.ts';
import { compareAnswers } from './compare-answers.ts';
import { REFUSED_BY_LAKE } from './judge-trial.ts';
import type { TrialArchives } from './make-trial-archives.ts';

/** The bounds of a query, as in the settings. */
export interface TrialBounds {
  sqlMemoryBytes: number;
  sqlDeadlineMs: number;
}

/** How a question went in both engines. */
export interface PortableTrial {
  /** How many rows the archive answered with; undefined if it refused the question. */
  rows: number | undefined;
  /** Why the question is not portable, as the end of a sentence; undefined if it is. */
  why: string | undefined;
}

/** Answers of a trial are compared whole, and have at most so many rows and bytes. */
const MOST_ROWS = 100_000;
const MOST_BYTES = 100_000_000;
/** The copies of so few rows take a few megabytes. */
const CACHE_BYTES = 1_000_000_000;

/** Asks both engines, in the processes that answer SQL, until it is closed. */
export function openPortableTrial({ whole, sealed, lake }: TrialArchives, bounds: TrialBounds) {
  const pooled = {
    ...{ readers: 1, memoryBytes: bounds.sqlMemoryBytes, longestMs: bounds.sqlDeadlineMs },
    log: createLogger('silent'),
  };
  // As the command sql does: how a file can be read depends on what stands beside it.
  const files = [openArchiveReadOnly(whole), openArchiveReadOnly(sealed)] as const;
  const pool = createSqlPool({
    archivePath: whole,
    ...pooled,
    program: { path: programPath('sql-reader'), mode: files[0].mode },
  });
  const lakeSql = createLakeSql({
    ...{ archivePath: sealed, ...pooled, describe: describeViews },
    programs: {
      sql: { path: programPath('lake-sql-reader') },
      copier: {
        path: programPath('lake-copier'),
        mode: files[1].mode,
        lake: placeOfLake({ db: sealed, lake: { location: lake, cacheBytes: CACHE_BYTES } }),
      },
    },
  });
  const deps = { pool, memoryBytes: bounds.sqlMemoryBytes, lake: lakeSql };
  const ask = async (engine: SqlEngine, sql: string, params: SqlParams): Promise<SqlAnswer | SqlFault> => {
    try {
      const { gather } = await readyEngine(deps, engine);
      const asker = { caller: 'local', deadlineMs: bounds.sqlDeadlineMs };
      const gathered = await gather({ sql, params, limit: MOST_ROWS, maxBytes: MOST_BYTES }, asker);
      return parseSqlAnswer(
        'bytes' in gathered ? Buffer.from(gathered.bytes).toString('utf8') : await readAsText(gathered.body),
      );
    } catch (error) {
      if (error instanceof SqlFault) return error;
      if (error instanceof ReadTimedOut) return new SqlFault(error.message, { kind: 'sql' });
      throw error;
    }
  };
  return {
    async tryOn(sql: string, params: SqlParams): Promise<PortableTrial> {
      const archive = await ask('archive', sql, params);
      if (archive instanceof SqlFault) return { rows: undefined, why: `the archive refuses it: ${archive.message}` };
      const rows = archive.rows.length;
      const lake = await ask('lake', sql, params);
      if (lake instanceof SqlFault) return { rows, why: `${REFUSED_BY_LAKE}${firstLine(lake.message)}` };
      if (archive.isTruncated || lake.isTruncated) return { rows, why: 'its answer is too long to be compared' };
      const why = compareAnswers(archive, lake);
      if (why === undefined && rows === 0) return { rows, why: 'it has no row here, so nothing was compared' };
      return { rows, why };
    },
    async close(): Promise<void> {
      await Promise.all([pool.close(), lakeSql.close()]);
      for (const file of files) file.close();
    },
  };
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
